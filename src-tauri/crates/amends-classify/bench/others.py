"""Reads what `amends-eval others` wrote (train.jsonl, test.jsonl: negative, text) and measures SnowNLP as installed and
a fastText model trained on the same rows. Prints one line per tool; a tool that is not installed is named as such."""

import json
import os
import random
import sys
import tempfile
import time

folder = sys.argv[1]
train, test = ([json.loads(line) for line in open(os.path.join(folder, f), encoding="utf-8")] for f in ("train.jsonl", "test.jsonl"))


def report(name, predict, rows):
    start = time.process_time()
    right = sum(predict(row["text"]) == row["negative"] for row in rows)
    took = time.process_time() - start
    print(f"{name}: polarity accuracy {right / len(rows):.4f} on {len(rows)} reviews, {len(rows) / took:.0f} reviews/s")


try:
    from snownlp import SnowNLP

    # Slow: a tenth of the test rows is enough for two digits.
    report("SnowNLP as installed", lambda t: bool(t.strip()) and SnowNLP(t).sentiments < 0.5, test[::10])
except ImportError:
    print("SnowNLP is not installed (PyPI: snownlp)")

try:
    import fasttext

    def spaced(text):
        return " ".join(c for c in text if not c.isspace())

    # fastText learns in the order of the file, and the corpora come sorted by domain and polarity.
    random.Random(1).shuffle(train)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8", delete=False) as f:
        f.writelines(f"__label__{int(row['negative'])} {spaced(row['text'])}\n" for row in train)
    model = fasttext.train_supervised(f.name, epoch=8, lr=0.3, wordNgrams=3, dim=64, bucket=1_000_000, thread=1, verbose=0)
    os.unlink(f.name)
    predict = getattr(model, "f", model).predict

    def negative(text):
        answer = predict(spaced(text) + "\n", 1, 0.0, "strict")
        return answer[0][1] == "__label__1"

    report("fastText, character 1- to 3-grams, same rows", negative, test)
except ImportError:
    print("fastText is not installed (PyPI: fasttext-wheel)")
