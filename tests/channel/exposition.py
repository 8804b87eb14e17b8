"""A strict reader of Prometheus' text format 0.0.4: whatever it does not allow is an AssertionError."""
import collections
import math
import re

Family = collections.namedtuple("Family", "type help samples")  # samples: {(name, labels): value}
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)\Z")
NUMBER = re.compile(r"\d+(\.\d+)?\Z")  # all that we write; the format has more
SUFFIXES = {"histogram": {"_bucket", "_sum", "_count"}}


def unescape(text):
    return re.sub(r'\\(["\\n])', lambda m: "\n" if m[1] == "n" else m[1], text)


def labels_of(text):
    """Sorted pairs."""
    found, at = {}, 0
    while at < len(text):
        label = LABEL.match(text, at)
        assert label, f"labels {text!r}"
        assert label[1] not in found, f"label {label[1]} twice"
        assert label[3] or label.end() == len(text), text
        found[label[1]] = unescape(label[2])
        at = label.end()
    return tuple(sorted(found.items()))


def add_sample(families, current, line):
    sample = SAMPLE.match(line)
    assert sample, f"not a sample: {line!r}"
    name, labels, number = sample[1], labels_of(sample[2] or ""), sample[3]
    assert NUMBER.match(number), line
    family = families[current]
    suffixes = SUFFIXES.get(family.type, {""})
    assert name in {current + suffix for suffix in suffixes}, f"{name} among those of {current}"
    assert (name, labels) not in family.samples, f"twice: {line}"
    family.samples[name, labels] = float(number)


def check_histogram(name, family):
    """Buckets of one series without other labels: rising bounds, cumulative counts, +Inf last."""
    bounds, counts = [], []
    for (sample, labels), value in family.samples.items():
        if sample == name + "_bucket":
            assert [label for label, _ in labels] == ["le"], labels
            bounds.append(float(labels[0][1]))
            counts.append(value)
    assert bounds == sorted(set(bounds)) and bounds[-1] == math.inf, (name, bounds)
    assert counts == sorted(counts), (name, counts)
    assert family.samples[name + "_count", ()] == counts[-1], name
    assert (name + "_sum", ()) in family.samples, name


def parse(text):
    """{name: Family}. Each family has HELP, then TYPE, then all its samples, and comes once."""
    assert text.endswith("\n") and not text.endswith("\n\n"), "one end of line at the end"
    families, current, helped = {}, None, None
    for line in text[:-1].split("\n"):
        head = re.match(rf"# (HELP|TYPE) ({NAME}) (.+)\Z", line)
        if head and head[1] == "HELP":
            assert helped is None, f"no TYPE follows HELP {helped}"
            assert head[2] not in families, f"{head[2]} comes twice"
            helped, text_of = head[2], head[3]
        elif head:
            assert head[2] == helped, f"TYPE {head[2]} without its HELP before it"
            assert head[3] in ("counter", "gauge", "histogram"), line
            current, helped = head[2], None
            families[current] = Family(head[3], unescape(text_of), {})
        else:
            assert current and helped is None, line
            add_sample(families, current, line)
    for name, family in families.items():
        assert (family.type == "counter") == name.endswith("_total"), (name, family.type)
        assert not re.search(r"_(count|sum|bucket)\Z", name), name
        if family.type == "histogram":
            check_histogram(name, family)
    return families
