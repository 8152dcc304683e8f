"""Right versions of unit 05's ``encode``, written differently. All get full marks."""

import numpy as np
import torch


class encode:
    def by_array(sentence, vectors):
        words = sentence.split()
        unknown = [word for word in words if word not in vectors]
        if unknown:
            raise ValueError(f"unknown: {', '.join(unknown)}")
        return torch.tensor(np.array([vectors[word] for word in words]), dtype=torch.float32)

    def by_catching(sentence, vectors):
        try:
            return torch.stack([torch.from_numpy(vectors[word]).float() for word in sentence.split()])
        except KeyError as error:
            raise ValueError(f"there is no word {error}") from None

    def by_filling(sentence, vectors):
        words = sentence.split()
        x = torch.zeros(len(words), len(next(iter(vectors.values()))))
        for place, word in enumerate(words):
            vector = vectors.get(word)
            if vector is None:
                raise ValueError(word)
            x[place] = torch.as_tensor(vector)
        return x

    def by_a_table(sentence, vectors):
        places = {word: place for place, word in enumerate(vectors)}
        table = np.stack(list(vectors.values())).astype("f4")
        found = [places.get(word, -1) for word in sentence.split()]
        if min(found) < 0:
            raise ValueError(f"not in the vocabulary: {sentence.split()[found.index(-1)]!r}")
        return torch.from_numpy(table[found])

    def by_an_error_of_its_own(sentence, vectors):
        class UnknownWord(ValueError):
            def __str__(self):
                return f"who knows the word {self.args[0]}?"

        rows = []
        for word in sentence.split():
            if word not in vectors:
                raise UnknownWord(word)
            rows.append(torch.FloatTensor(vectors[word].tolist()))
        return torch.vstack(rows)
