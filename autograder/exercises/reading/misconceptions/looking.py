"""Wrong versions of the functions with which unit 05 looks into a network. Each docstring is the hint."""

import torch

from autograder.reference import reading


class run_with_gates:
    def initial_state_ignored(cell, x, h0):
        """Your states start from zero: the first word meets h0."""
        return reading.run_with_gates(cell, x, torch.zeros_like(h0))

    def not_carried(cell, x, h0):
        """Every word meets h0 in yours: carry the new state on to the next word."""
        return tuple(torch.stack(parts) for parts in zip(*(cell(word, h0) for word in x), strict=True))

    def with_initial_state(cell, x, h0):
        """You put h0 in front of the states: entry t is the state after word t, and h0 is not among them."""
        h, z, r = reading.run_with_gates(cell, x, h0)
        return torch.cat([h0[None], h]), z, r

    def one_behind(cell, x, h0):
        """Your states are one word late: you keep the state before each word, not the one after it."""
        h, z, r = reading.run_with_gates(cell, x, h0)
        return torch.cat([h0[None], h[:-1]]), z, r

    def gates_in_the_other_order(cell, x, h0):
        """You return r before z: the order is h, z, r."""
        h, z, r = reading.run_with_gates(cell, x, h0)
        return h, r, z

    def only_the_last(cell, x, h0):
        """You return the last word's values only: keep them for every word."""
        return tuple(part[-1] for part in reading.run_with_gates(cell, x, h0))

    def only_the_last_state(cell, x, h0):
        """Of the states you keep the last one only: keep one for every word, as for the gates."""
        h, z, r = reading.run_with_gates(cell, x, h0)
        return h[-1], z, r

    def batch_first(cell, x, h0):
        """Your tensors have the batch first: they should be (T, B, H), time first like x."""
        return tuple(part.transpose(0, 1) for part in reading.run_with_gates(cell, x, h0))

    def backwards(cell, x, h0):
        """You read the sentence from its end: begin with x[0]."""
        return tuple(part.flip(0) for part in reading.run_with_gates(cell, x.flip(0), h0))

    def one_word_short(cell, x, h0):
        """Your last word is never read."""
        return tuple(part[:-1] for part in reading.run_with_gates(cell, x, h0))

    def a_tensor_a_word(cell, x, h0):
        """You return one tuple for each word: stack them, so that there are three tensors (T, B, H)."""
        return [tuple(parts) for parts in zip(*reading.run_with_gates(cell, x, h0), strict=True)]

    def initial_state_overwritten(cell, x, h0):
        """You write the new states into h0, which belongs to the caller: keep it as it was."""
        found = reading.run_with_gates(cell, x, h0)
        h0.copy_(found[0][-1].detach())
        return found

    def averaged_gates(cell, x, h0):
        """You average over the units: keep every unit's value, the picture needs them."""
        h, z, r = reading.run_with_gates(cell, x, h0)
        return h, z.mean(-1), r.mean(-1)


class prediction_after_each_word:
    def logits(model, x):
        """You return logits: a softmax over the answers makes probabilities of them."""
        return torch.stack([model(x[: t + 1]) for t in range(len(x))])

    def over_the_batch(model, x):
        """Your softmax runs over the batch: the probabilities of one sentence's answers add up to one."""
        return torch.softmax(prediction_after_each_word.logits(model, x), dim=1)

    def over_time(model, x):
        """Your softmax runs over the words: the probabilities of one word's answers add up to one."""
        return torch.softmax(prediction_after_each_word.logits(model, x), dim=0)

    def each_word_alone(model, x):
        """You show the model each word by itself: it must have read all the words up to there."""
        return torch.softmax(torch.stack([model(word[None]) for word in x]), dim=-1)

    def whole_sentence_each_time(model, x):
        """Every prediction of yours has seen the whole sentence: give the model the first t + 1 words only."""
        return torch.softmax(torch.stack([model(x)] * len(x)), dim=-1)

    def rest_erased(model, x):
        """You erase later words in x itself, which belongs to the caller: give the model a part of x instead."""
        rows = []
        for t in reversed(range(len(x))):
            x[t + 1 :] = 0
            rows.append(torch.softmax(model(x[: t + 1]), dim=-1))
        return torch.stack(rows[::-1])

    def zeros_for_later_words(model, x):
        """You put zeros in the place of later words, which a model reads like any other word: give it the first t + 1 alone."""
        rows = []
        for t in range(len(x)):
            part = x.clone()
            part[t + 1 :] = 0
            rows.append(torch.softmax(model(part), dim=-1))
        return torch.stack(rows)

    def from_the_end(model, x):
        """You leave words out in front: keep the first t + 1 words and leave out the rest."""
        return torch.softmax(torch.stack([model(x[t:]) for t in range(len(x))]), dim=-1)

    def one_word_late(model, x):
        """Your entry t lacks word t: x[:t] ends before it, x[: t + 1] includes it."""
        return torch.softmax(torch.stack([model(x[: max(t, 1)]) for t in range(len(x))]), dim=-1)

    def only_the_last(model, x):
        """You return the prediction for the whole sentence only: there is one after every word."""
        return torch.softmax(model(x), dim=-1)

    def answers_instead_of_probabilities(model, x):
        """You return the likeliest answer: keep the probability of each."""
        return prediction_after_each_word.logits(model, x).argmax(dim=-1)

    def batch_first(model, x):
        """Your probabilities have the batch first: they should be (T, B, K), time first like x."""
        return reading.prediction_after_each_word(model, x).transpose(0, 1)
