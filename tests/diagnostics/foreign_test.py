#!/usr/bin/env python3
"""What users of other languages write is answered with what to write here.

foreign_test.py TESSERA puts each line below where its like would stand in a schema, and demands that
what `check` says first names our way. Every row of foreign.def has to be met by some line.
"""
import json
import pathlib
import re
import subprocess
import sys

TOP, SERVICE, FIELD, ROUTE = range(4)
PLACES = {
    TOP: "schema shop\n%s\n",
    SERVICE: "schema shop\nservice s {\n%s\n}\n",
    FIELD: "schema shop\nservice s {\n  message M {\n    %s\n  }\n}\n",
    ROUTE: 'schema shop\nservice s {\n  model User { id id @1 }\n  routes "/users" {\n    %s\n  }\n}\n',
}

CASES = [
    # Prisma
    (TOP, 'datasource db { provider = "postgresql" }', "a store of its own"),
    (TOP, 'generator client { provider = "js" }', "tessera gen"),
    (FIELD, "id Int @id @default(autoincrement())", "`id id  @1`"),
    (FIELD, "email String @unique", "`name string  @1 unique`"),
    (FIELD, "role Role @default(USER)", "`stock u32  @2 = 1`"),
    (FIELD, "author User @relation(fields: [authorId])", "`author ref User  @2`"),
    (FIELD, "@@index([email])", "`index by_name (name)`"),
    (FIELD, "created DateTime @1", "write `time`"),
    (FIELD, "size BigInt @1", "write `i64`"),
    (FIELD, "extra Json @1", "map<string, string>"),
    # TypeSpec
    (TOP, "using Http", "`import"),
    (TOP, "namespace Store", "`service NAME { ... }`"),
    (TOP, "scalar ticket_id", "`type Name = string(1..200)`"),
    (TOP, "alias Name = string", "`type Name = string(1..200)`"),
    (TOP, "union Shape { a: A }", "`enum` of words"),
    (TOP, "interface Users { }", "routes of a service"),
    (SERVICE, "op read(id: string): Widget", "is a route"),
    (SERVICE, '@doc("A user")\nmessage M { a u32 @1 }', "`/// text`"),
    (SERVICE, '@route("/widgets")\nmessage M { a u32 @1 }', "`routes \"/users\""),
    (FIELD, "@minLength(1) name string @1", "constraints come after the type"),
    (FIELD, "age?: int32", "after the type: `bio string?"),
    (FIELD, "name: string", "a blank parts"),
    (FIELD, 'kind: "a"', "`enum Kind"),
    (FIELD, "...Base", "`message Card = User { id name }`"),
    (SERVICE, "model Widget is Base { id id @1 }", "`message Card = User { id name }`"),
    (FIELD, "at utcDateTime @1", "write `time`"),
    (FIELD, "day plainDate @1", "write `date`"),
    # GraphQL
    (TOP, "type User { id: ID! }", "`message Name { ... }` for what is sent"),
    (TOP, "input UserInput { name: String! }", "`message Name { ... }` for what is sent"),
    (TOP, "query { users }", "reads and writes are routes"),
    (TOP, "extend type User { age: Int }", "pick the fields"),
    (SERVICE, '"""\nA post\n"""\nmessage M { a u32 @1 }', "`/// text`"),
    (FIELD, "tags: [String!]!", "`tags string[]  @1`"),
    (FIELD, "tags [String] @1", "`string[]`"),
    (FIELD, "title string! @1", "drop the `!`"),
    (FIELD, "tags string[]! @1", "never absent"),
    (FIELD, "score Float @1", "`f64`"),
    (FIELD, "ok Boolean @1", "write `bool`"),
    (FIELD, "key ID @1", "`ref User`"),
    # protobuf
    (TOP, 'syntax = "proto3"', "`schema NAME`"),
    (TOP, "package shop", "`schema NAME`"),
    (TOP, 'option java_package = "x"', "no options"),
    (SERVICE, "rpc Get (User) returns (User)", "is a route"),
    (FIELD, "string name = 1", "after `@`"),
    (FIELD, "repeated string tags = 2", "`tags string[]  @1`"),
    (FIELD, "tags repeated string @1", "`tags string[]  @1`"),
    (FIELD, "optional string bio = 3", "`bio string?  @1`"),
    (FIELD, "required string bio = 3", "drop the word"),
    (FIELD, "int64 size @1", "before the type: write `size int64`"),
    (FIELD, "oneof kind { a u32 @1 }", "`enum` of words"),
    (FIELD, 'reserved "old"', "takes numbers"),
    (FIELD, "count uint32 @1", "write `u32`"),
    (FIELD, "count uint64 @1", "write `u64`"),
    (FIELD, "share double @1", "`f64`"),
    (FIELD, "at Timestamp @1", "write `time`"),
    (FIELD, "wait Duration @1", "write `duration`"),
    (FIELD, "name string @1;", "drop the `;`"),
    # OpenAPI and JSON Schema
    (TOP, "openapi: 3.1.0", "no YAML"),
    (TOP, "paths:", "no YAML"),
    (FIELD, '"name": { "type": "string" }', "no JSON"),
    (FIELD, "author $ref @1", "by its name"),
    (FIELD, "size integer @1", "write `i32`"),
    (FIELD, "price number @1", "`decimal(2)`"),
    (FIELD, "blob object @1", "map<string, string>"),
    (FIELD, "site uri @1", "`string url`"),
    (FIELD, "file binary @1", "write `bytes`"),
    (FIELD, "mail email @1", "`string email`"),
    (FIELD, "nick string @1 nullable", "`bio string?  @1`"),
    (FIELD, "nick string @1 required", "drop the word"),
    (FIELD, "code string @1 maxLength 5", "`string(1..200)`"),
    (FIELD, 'code string @1 regex "a"', '`pattern "[a-z]+"`'),
    (FIELD, "kind string @1 readonly", "`secret`"),
    # SQL
    (TOP, "table users { }", "`model Name { ... }`"),
    (FIELD, "name varchar(200) @1", "`string(1..200)`"),
    (FIELD, "key u32 @1 primary", "`id id  @1`"),
    (FIELD, "key serial @1", "`id id  @1`"),
    (FIELD, "owner u32 @1 references", "`author ref User  @2`"),
    (FIELD, "owner relation @1", "`author ref User  @2`"),
    (FIELD, "stock u32 @1 default 5", "`stock u32  @2 = 1`"),
    (FIELD, "price money @1", "`decimal(2)`"),
    # Programming languages
    (FIELD, "bio ?string @1", "`bio string?  @1`"),
    (FIELD, "bio optional string @1", "`bio string?  @1`"),
    (FIELD, "tags list<string> @1", "`string[]`"),
    (FIELD, "tags list @1", "`string[]`"),
    (FIELD, "names dict<string, u32> @1", "`map<string(1..20), u32>`"),
    (FIELD, "names dict @1", "`map<string(1..20), u32>`"),
    (FIELD, "nick Optional<string> @1", "`string?`"),
    (FIELD, "nick Maybe @1", "`string?`"),
    (FIELD, "owner ref(User) @1", "write `ref User`"),
    (FIELD, "word Password @1", "password(8..72)"),
    (FIELD, "a i32 @1,\n    b i32 @2", "drop the comma"),
    (FIELD, "a string @1 = 'x'", "double quotes"),
    (FIELD, "a string @1 = `x`", "double quotes"),
    (FIELD, "a string|u32 @1", "`enum`"),
    (FIELD, "a u32? @1\n    rule r: a > 1 && a < 5 \"x\"", "by `and`"),
    (FIELD, "a u32 @1 # the first", "`//`"),
    (FIELD, "a u32 @1 /* the first */", "`//`"),
    (FIELD, "a string[]? @1", "write `string[]`: an empty one"),
    # Routes
    (ROUTE, 'GET show "/{id}" -> 200 User public', '"/:id"'),
    (ROUTE, 'GET show "/<id>" -> 200 User public', '"/:id"'),
    (ROUTE, 'GET show "/x" -> User public', "`-> 200 User`"),
    (ROUTE, 'GET show "/x" -> public', "`-> 200 User`"),
    (ROUTE, 'GET show "/x"', "`-> 200 User`"),
    (ROUTE, 'GET show "/x" -> void', "`-> 204`"),
    (ROUTE, 'GET show "/x" -> [User]', "`-> page of User`"),
    (ROUTE, 'GET show "/x" -> 200 User[]', "`-> page of User`"),
    (ROUTE, 'GET show "/x" => 200 User', "write `->`"),
    (ROUTE, 'GET show "/x" : User', "write `->`"),
    (ROUTE, 'GET show "/x" returns User', "write `->`"),
    (ROUTE, "GET show /x -> 200 User", "in quotes"),
    (ROUTE, 'GET "/x" -> 200 User', "has a name"),
    (ROUTE, 'POST make "/x" { name: string } -> 201 User', "a message by name"),
    (ROUTE, 'GET show "/x" -> 200 User throws NotFound', "`! ticket_reserved`"),
    (ROUTE, 'GET show "/x" -> 200 User authenticated', "unless it says `public`"),
    (ROUTE, 'GET show "/x" -> 200 User @public', "without `@`"),
    (ROUTE, 'get show "/x" -> 200 User', "in capitals"),
    (ROUTE, 'GET show "/x" ?(a: u32,) -> 200 User public', "without a comma"),
]

ANSWERS = re.compile(r'^TS_FOREIGN\w*\(.*?"((?:[^"\\]|\\.)*)"\)$', re.MULTILINE | re.DOTALL)


def first_error(tessera, text):
    done = subprocess.run([tessera, "check", "--error-format=json", "-"], input=text,
                          capture_output=True, text=True, timeout=60, check=False)
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    errors = [line for line in lines if line["severity"] == "error"
              and "has no name" not in line["message"]]
    return errors[0] if errors else None


def main():
    tessera = str(pathlib.Path(sys.argv[1]).resolve())
    table = (pathlib.Path(__file__).resolve().parent / "../../codegen/text/foreign.def").read_text()
    rows = {re.sub(r"\\(.)", r"\1", answer) for answer in ANSWERS.findall(table)}
    met, failures = set(), []
    for place, line, answer in CASES:
        error = first_error(tessera, PLACES[place] % line)
        said = [remark["message"] for remark in error["remarks"]] if error else []
        met.update(said)
        if not any(answer in text for text in said):
            failures.append(f"{line!r}: {error and error['message']}: {said}")
    failures += [f"met by no line: {row}" for row in sorted(rows - met)]
    done = subprocess.run([tessera, "chek", "x.tess"], capture_output=True, text=True, check=False)
    if done.returncode != 2 or "Did you mean `tessera check`?" not in done.stderr:
        failures.append(f"tessera chek: {done.returncode}: {done.stderr}")
    print("\n".join(failures))
    print(f"{len(CASES)} lines, {len(rows)} answers, {len(failures)} failures")
    sys.exit(1 if failures or len(rows) < 40 else 0)


main()
