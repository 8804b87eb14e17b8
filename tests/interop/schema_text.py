"""The constraints of a schema, read from its text alone: nothing of the compiler is in this, so what
it finds can be held against all that the compiler makes."""
import re
from pathlib import Path

TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|\.\.|-?\d+(?:\.\d+)?(?:[a-z]+)?|[A-Za-z_]\w*|\S')
ITEMS = ("index", "unique", "rule", "reserved")
WORDS = {"trim", "lower", "email", "url", "uuid", "slug", "distinct"}


class Type:
    """What a field may hold. Limits are pairs of texts, None where there is none."""

    def __init__(self):
        self.base, self.argument, self.range, self.items = "", None, (None, None), None
        self.optional = self.listed = False
        self.words = set()
        self.pattern = None


JOINTS = ("and", "or", "=", "!", "<", ">", "+", "-", "*")  # == and the like are two tokens here


class Reader:
    def __init__(self, text):
        self.tokens = [t for t in TOKEN.findall(text) if not t.startswith("//")]
        self.at = 0

    def peek(self, ahead=0):
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, token):
        if self.peek() != token:
            return False
        self.at += 1
        return True

    def skip_braces(self):
        """To behind the brace that closes the one which is next."""
        depth = 0
        while True:
            token = self.next()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return

    def range(self, end):
        """`a..b`, `a..`, `..b` or `a`, up to the closing token if there is one."""
        low = None if self.peek() == ".." else self.next()
        high = low
        if self.accept(".."):
            high = None if self.peek() == end or not re.match(r'[-\d"]', self.peek()) \
                else self.next()
        if end:
            assert self.accept(end), (end, self.peek())
        return low, high

    def type(self):
        found = Type()
        found.base = self.next()
        if found.base == "ref":
            self.next()
            if self.accept("."):
                self.next()
        elif found.base == "map":
            while not self.accept(">"):
                self.next()
        elif self.accept("("):
            found.argument = self.range(")")
        while True:
            if self.accept("?"):
                found.optional = True
            elif self.accept("["):
                found.listed = True
                found.items = (None, None) if self.accept("]") else self.range("]")
            elif self.accept("in"):
                found.range = self.range(None)
            elif self.accept("pattern"):
                found.pattern = self.next()
            elif self.peek() in WORDS:
                found.words.add(self.next())
            else:
                return found

    def field(self):
        name, found = self.next(), self.type()
        assert self.next() == "@", name
        self.next()
        while self.peek() in ("unique", "embed", "secret", "example", "=") and \
                self.peek(2) not in ("(", "@"):  # an index, a field of such a name
            attribute = self.next()
            if attribute == "embed":
                found.words.add(attribute)
            if attribute == "example":
                self.next()
            if attribute == "=":
                self.condition()
                if self.peek() == "on" and self.accept("on"):
                    self.next()
        return name, found

    def fields(self):
        """Those between braces."""
        assert self.accept("{")
        found = {}
        while not self.accept("}"):
            if self.peek() in ITEMS and self.peek(1) != "@" and not self.is_field():
                self.skip_item()
            else:
                name, kind = self.field()
                found[name] = kind
        return found

    def is_field(self):
        """A field may be called like an item."""
        return self.peek(1) in ("id", "string", "bool", "i32", "u32")

    def skip_item(self):
        word = self.next()
        if word == "reserved":
            self.next()
            while self.accept(","):
                self.next()
        elif word == "rule":
            while not self.next().startswith('"'):
                pass
        else:
            while self.next() != ")":
                pass
            if self.accept("while"):
                self.condition()

    def condition(self):
        """Operands between the signs and words that join them."""
        while True:
            while self.accept("not"):
                pass
            if self.accept("("):
                self.condition()
                assert self.accept(")")
            else:
                if self.next() == "slug" and self.accept("of"):
                    self.next()
                while self.accept("."):
                    self.next()
            if self.accept("in"):
                while self.next() != ")":
                    pass
            elif self.accept("is"):
                self.next()
            joined = False
            while self.peek() in JOINTS:
                self.next()
                joined = True
            if not joined:
                return

    def picks(self):
        """Names between braces that have no picks of their own."""
        assert self.accept("{")
        names = []
        while not self.accept("}"):
            if self.peek() in ("rule", "index"):
                self.skip_item()
                continue
            names.append(self.next())
            if self.peek() == "{":
                self.skip_braces()
                names.pop()
            self.accept(",")
        return names


def read(path):
    """(schema name, {message's full name: {field: Type}}); aliases are replaced by what they
    stand for."""
    reader = Reader(Path(path).read_text(encoding="utf-8"))
    schema, service, aliases, messages, derived = "", "", {}, {}, []
    while reader.peek():
        word = reader.next()
        if word == "schema":
            schema = reader.next()
        elif word == "service":
            service = reader.next()
            assert reader.accept("{")
        elif word == "type":
            name = reader.next()
            assert reader.accept("=")
            aliases[name] = reader.type()
        elif word in ("enum", "routes"):
            while reader.peek() != "{":
                reader.next()
            reader.skip_braces()
        elif word in ("model", "message") and reader.peek(1) != "@":
            name = reader.next()
            while reader.peek() not in ("{", "="):
                reader.next()
            if reader.accept("="):
                derived.append(source(reader, schema, service, name))
            else:
                messages[f"{schema}.{service}.{name}"] = reader.fields()
        elif word in ("view", "event", "replica"):
            name = reader.next()
            while reader.next() != "of":
                pass
            derived.append(source(reader, schema, service, name))
    for name, origin, names in derived:
        fields = messages.get(origin, {})
        messages[name] = {pick: fields[pick] for pick in names
                          if pick in fields and "embed" not in fields[pick].words}
    for fields in messages.values():
        for kind in fields.values():
            apply_alias(kind, aliases)
    return schema, messages


def source(reader, schema, service, name):
    origin = reader.next()
    if reader.accept("."):
        origin = f"{origin}.{reader.next()}"
    else:
        origin = f"{service}.{origin}"
    while reader.peek() != "{":
        reader.next()
    return f"{schema}.{service}.{name}", f"{schema}.{origin}", reader.picks()


def apply_alias(kind, aliases):
    while kind.base in aliases:
        alias = aliases[kind.base]
        kind.base, kind.argument = alias.base, alias.argument
        kind.words |= alias.words
        kind.pattern = kind.pattern or alias.pattern
        if kind.range == (None, None):
            kind.range = alias.range
