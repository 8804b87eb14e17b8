"""Schemas with hostile names, valid but for them: Hostile(seed).schema() is a text.

Names come from words of C and C++, from POSIX and the C library, from what emitted names are made
of, from single letters, and from the names that the schema has already: with another case, an
underscore more or less, and every ending that an emitter puts behind a name. So most schemas have a
name or two that meet something, and the rest of each is plain."""
import random
import re

C_WORDS = """auto break case char const continue default do double else enum extern float for goto
if inline int long register restrict return short signed sizeof static struct switch typedef union
unsigned void volatile while asm bool true false errno assert linux unix noreturn complex""".split()
CPP_WORDS = """alignas alignof and and_eq bitand bitor catch class compl concept const_cast
constexpr decltype delete explicit export friend mutable namespace new noexcept not not_eq nullptr
operator or or_eq private protected public requires static_assert template this thread_local throw
try typeid typename using virtual wchar_t xor char8_t co_await""".split()
LIBRARY = """size_t int64_t uint32_t int32_t time_t ssize_t st_mtime si_value sa_handler s6_addr stdin
stdout environ index time signal read write open close exit main printf malloc free memcpy strcmp
strlen stat select bind send gettime clock timer size int64 on_exit at_quick_exit pthread_create
clock_gettime d_fileno major minor y0 j1 gamma basename alloca offsetof va_list va_end ntohs htons
isalpha toupper abs div labs puts getc remove rename system random srand environ daptr optarg
optind signgam timezone daylight tzname sys_errlist program_invocation_name""".split()
OURS = """rt ts uv pb pthread protobuf_c jwt json common web proto gen base key value entry message
fields field model indexes get create update delete list init subject event enum service routes
settings listeners replicas timers result work ok query handle on at problem guard publish models
txn ctx arena request reply page paging after limit ret scan values bytes whole record violations
sorts emits errors limit_keys pb ranges check limits embeds where sources unspecified device msg
device_msg bytes_max types events enums store meson lib main schema next items cursor sort type
rt_str rt_txn rt_field uv_loop pb_size_t id version has n by list_by""".split()
LETTERS = list("abcdefgxyz") + ["a1", "a_1", "ab", "a_b", "b_c", "a_b_c", "x1", "x_1", "x_1_2"]
PLAIN = """order ticket user price title seller buyer room city street amount total state colour
size weight height note label page_count opened closed sent owner shop item cart book loan visit
sensor reading""".split()
ITEMS = {"index", "unique", "rule", "reserved"}  # words that start other items of a model
ENDINGS = ["id", "entry", "query", "result", "work", "ms", "message", "fields", "model", "get",
           "create", "update", "delete", "list", "init", "subject", "event", "enum", "indexes",
           "device", "msg", "ok", "h", "events_h", "types_h", "pb", "ranges", "check", "limits",
           "default", "where", "embeds", "sources", "errors", "emits", "value", "value_2", "2", "t",
           "reply", "lib", "main", "settings", "service", "routes", "unspecified", "holds", "s"]
BEGINNINGS = ["has", "n", "by", "list_by", "list", "field", "on", "at", "work", "handle", "guard",
              "problem", "publish", "rt", "get", "device"]
# What begins a route cannot be the type of the reply before it.
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def pascal(snake):
    return "".join(part[:1].upper() + part[1:] for part in snake.split("_"))


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


class Hostile:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seen = []  # names of the schema so far, in snake_case
        self.share = self.random.choice((0.05, 0.15, 0.3, 0.5))  # of names that are hostile
        self.number = 0

    # ------------------------------------------------------------------ names

    def derived(self):
        name = self.random.choice(self.seen) if self.seen else "a"
        other = self.random.choice(self.seen) if self.seen else "b"
        return self.random.choice((
            lambda: f"{name}_{self.random.choice(ENDINGS)}",
            lambda: f"{self.random.choice(BEGINNINGS)}_{name}",
            lambda: f"{name}_{other}",
            lambda: name.replace("_", "", 1),
            lambda: name.partition("_")[0],
            lambda: name.rpartition("_")[2],
            lambda: name[:1] + "_" + name[1:],
            lambda: name,
        ))()

    def snake(self):
        """Any name."""
        if self.random.random() >= self.share:
            self.number += 1
            name = self.random.choice(PLAIN) + (f"_{self.number}" if self.random.random() < 0.5
                                                else str(self.number))
        elif self.random.random() < 0.6 and self.seen:
            name = self.derived()
        else:
            words = (OURS, LETTERS) if self.random.random() < 0.8 else (C_WORDS, CPP_WORDS, LIBRARY)
            name = self.random.choice(self.random.choice(words))
        name = re.sub(r"_+", "_", name).strip("_")[:60] or "a"
        name = name if name[0].isalpha() else "a" + name
        self.seen.append(name)
        return name

    def pascal(self):
        name = pascal(self.snake())
        if self.random.random() < self.share:
            name = name.upper() if self.random.random() < 0.5 else name[:2].upper() + name[2:]
        return name

    def fresh(self, make, taken):
        """A name that this set of names does not have: what else there is is no matter here."""
        while True:
            name = make()
            if name not in taken and name not in ITEMS and name not in METHODS:
                taken.add(name)
                return name

    # ---------------------------------------------------------------- schemas

    def chance(self, probability):
        return self.random.random() < probability

    def scalar(self):
        return self.random.choice(("u32", "i64", "string(0..40)", "bool", "f64", "time", "duration",
                                   "decimal(2)", "u64", "date", "bytes(0..8)", "i32 in 1..9"))

    def fields(self, types, first, bounded=False):
        taken, lines = set(), []
        for number in range(first, first + self.random.randint(1, 5)):
            name = self.fresh(self.snake, taken)
            kind = self.random.choice([self.scalar()] * 3 + types) if types else self.scalar()
            shape = self.random.random()
            if shape < 0.2:
                kind += "?"
            elif shape < 0.35:
                kind += "[0..4]"
            elif shape < 0.5:
                kind = f"map<string(0..9), {kind}>[0..4]"
            default = " = 5" if kind == "u32" and self.chance(0.5) and not bounded else ""
            lines.append(f"    {name} {kind} @{number}{default}")
        self.last_fields = taken
        return lines

    def rules(self, lines):
        numbers = [line.split()[0] for line in lines if line.split()[1] in ("u32", "i64")]
        return [f"    rule {self.snake()}: {name} < 9 \"Too large\"" for name in numbers[:1]
                if self.chance(0.4)]

    def enum(self, names):
        name = self.fresh(self.pascal, names)
        values, taken = [], set()
        for number in range(1, self.random.randint(2, 4)):
            values.append(f"{self.fresh(self.snake, taken)} @{number}")
        return name, f"  enum {name} {{ {'  '.join(values)} }}"

    def model(self, name):
        lines = self.fields([], 3)
        keys = [line.split()[0] for line in lines
                if re.match(r"(u32|i64|string|bool|time|i32|decimal)", line.split()[1])
                and not re.search(r"map<|\[0", line)]
        body = ["    id id @1", "    version version @2", *lines]
        indexes = set()
        for _ in range(self.random.randint(0, 3)):
            if keys:
                index = self.fresh(self.snake, indexes)
                used = self.random.sample(keys, min(len(keys), self.random.randint(1, 2)))
                body.append(f"    {self.random.choice(('index', 'unique'))} {index} "
                            f"({', '.join(used)})")
        times = [line.split()[0] for line in lines if line.split()[1] == "time"]
        text = f"  model {name} {{\n" + "\n".join(body + self.rules(lines)) + "\n  }"
        return text, times, [line.split()[0] for line in lines]

    def service(self, name, shared):
        # A declaration of the service's own would hide a shared one of that name.
        types, handlers, parts, names = list(shared), set(), [], set(shared)
        if self.chance(0.4):
            enum, text = self.enum(names)
            parts.append(text)
            types.append(enum)
        for _ in range(self.random.randint(1, 2)):
            message = self.fresh(self.pascal, names)
            bounded = self.chance(0.15)
            lines = self.fields([] if bounded else types, 1, bounded)
            parts.append(f"  message {message}{' bounded' if bounded else ''} {{\n"
                         + "\n".join(lines + self.rules(lines)) + "\n  }")
            if not bounded:
                types.append(message)
            self.bodies = message
        routes, events = [], []
        body = self.bodies
        model = None
        if self.chance(0.6):
            model = self.fresh(self.pascal, names)
            text, times, fields = self.model(model)
            parts.append(text)
            emits = ""
            if self.chance(0.5):
                event = self.fresh(self.pascal, names)
                self.number += 1
                parts.append(f"  event {event} \"e{self.number}:{name}\" of {model} "
                             f"{{ id version {' '.join(fields[:2])} }}")
                emits = f" emits {event}"
                events.append(f"{name}.{event}")
            if times and self.chance(0.5):
                parts.append(f"  timer {self.fresh(self.snake, handlers)} at {model}.{times[0]}")
            routes.append(f"POST {self.fresh(self.snake, handlers)} \"/m\" ({model}) -> 200 {model}"
                          f" public{emits}")
        for place in range(self.random.randint(1, 2)):
            self.number += 1
            params = set()
            path = "".join(f"/:{self.fresh(self.snake, params)}"
                           for _ in range(self.random.randint(0, 2)))
            query = ", ".join(f"{self.fresh(self.snake, params)}: u32"
                              for _ in range(self.random.randint(0, 2)))
            routes.append(f"GET {self.fresh(self.snake, handlers)} \"/r{place}{path}\" "
                          f"{f'?({query})' if query else ''} -> 200 {body} public"
                          f"{' ! ' + self.random.choice(self.errors) if self.errors else ''}")
        parts.append(f"  routes \"/{self.prefix}\" {{\n    " + "\n    ".join(routes) + "\n  }")
        self.prefix += "x"
        listened = [event for event in self.events + events if self.chance(0.6)]
        for event in listened:
            parts.append(f"  on {event} {self.fresh(self.snake, handlers)}")
        self.events += events
        if self.chance(0.25):
            parts.append(f"  setting {self.fresh(self.snake, self.settings)} "
                         + self.random.choice(("duration = 5s in 1s..1h", "u32 = 7", "bool = true")))
        return f"service {name} {{\n" + "\n".join(parts) + "\n}"

    def schema(self):
        self.prefix, self.events, self.settings, self.errors = "p", [], set(), []
        services = set()
        name = self.snake()
        parts = [f"schema {name}"]
        for _ in range(self.random.randint(0, 2)):
            error = self.fresh(self.snake, set(self.errors))
            self.errors.append(error)
            parts.append(f"error {error} 400 \"No\"")
        shared = []
        if self.chance(0.3):
            enum, text = self.enum(set())
            parts.append(text)
            shared.append(enum)
        for _ in range(self.random.choice((1, 1, 1, 2))):
            parts.append(self.service(self.fresh(self.snake, services), shared))
        return "\n".join(parts) + "\n"


if __name__ == "__main__":
    import sys
    print(Hostile(int(sys.argv[1])).schema())
