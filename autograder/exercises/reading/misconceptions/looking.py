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


def gradients(model, x, answer, chosen=None):
    """The gradient of the sum of some logits (by default the answers' own) at every word, (T, B, D)."""
    x = x.clone().requires_grad_()
    logits = model(x)
    picked = chosen(logits) if chosen else logits.gather(1, answer[:, None])
    return torch.autograd.grad(picked.sum(), x)[0]


class word_influence:
    def squared(model, x, answer):
        """You forget the square root: the norm of a vector is the root of the sum of its squares."""
        return gradients(model, x, answer).square().sum(dim=-1)

    def added_up(model, x, answer):
        """You add the gradient's columns up, where plus and minus cancel: take its norm."""
        return gradients(model, x, answer).sum(dim=-1)

    def absolute_values(model, x, answer):
        """You add up absolute values: the norm meant here is the root of the sum of squares."""
        return gradients(model, x, answer).abs().sum(dim=-1)

    def mean_square(model, x, answer):
        """You average over the columns: the norm adds the squares up."""
        return gradients(model, x, answer).square().mean(dim=-1).sqrt()

    def largest_column(model, x, answer):
        """You take the largest column: the norm takes all of them."""
        return gradients(model, x, answer).abs().amax(dim=-1)

    def over_the_wrong_axis(model, x, answer):
        """Your norm runs over the batch: it runs over the columns of a word, and leaves (T, B)."""
        return gradients(model, x, answer).norm(dim=1)

    def not_a_norm(model, x, answer):
        """You return the gradient itself: take its norm over the D columns."""
        return gradients(model, x, answer)

    def all_logits(model, x, answer):
        """You ask about the sum of all logits: pick the logit of the answer asked about."""
        return gradients(model, x, answer, lambda logits: logits).norm(dim=-1)

    def largest_logit(model, x, answer):
        """You ask about the largest logit: the answer asked about may be another one."""
        return gradients(model, x, answer, lambda logits: logits.amax(dim=-1)).norm(dim=-1)

    def first_answer_for_all(model, x, answer):
        """You ask about the first example's answer in all examples: each has its own."""
        return gradients(model, x, answer[:1].expand(len(answer))).norm(dim=-1)

    def probability(model, x, answer):
        """You go back from the probability: the influence is that on the logit, before any softmax."""
        return gradients(
            model, x, answer, lambda logits: torch.softmax(logits, dim=-1).gather(1, answer[:, None])
        ).norm(dim=-1)

    def log_probability(model, x, answer):
        """You go back from the loss: the influence is that on the answer's logit alone."""
        return gradients(
            model, x, answer, lambda logits: torch.log_softmax(logits, dim=-1).gather(1, answer[:, None])
        ).norm(dim=-1)

    def times_the_word(model, x, answer):
        """You multiply the gradient with the word: that is another measure; take the norm of the gradient alone."""
        return (gradients(model, x, answer) * x).norm(dim=-1)

    def averaged_over_the_batch(model, x, answer):
        """You divide by the size of the batch: sum the logits, or one example's influence depends on how many there are."""
        return gradients(model, x, answer).norm(dim=-1) / len(answer)

    def words_overwritten(model, x, answer):
        """You write the gradients over the words: x belongs to the caller, make a new tensor."""
        x.copy_(gradients(model, x, answer))
        return x.norm(dim=-1)

    def shares(model, x, answer):
        """You scale the influences so that they add up to one: leave them as they are."""
        found = reading.word_influence(model, x, answer)
        return found / found.sum(dim=0)


class kept_to_the_end:
    def opened_instead_of_kept(z):
        """You multiply z: what is copied is the share 1 - z."""
        return reading.kept_to_the_end(1 - z)

    def word_itself_included(z):
        """You multiply the gate of the word itself, too: entry t is about what comes after word t."""
        return reading.kept_to_the_end(z) * (1 - z)

    def from_the_beginning(z):
        """You multiply from the beginning on: the question is what is still there at the end."""
        return torch.cumprod(1 - z, dim=0)

    def from_before_the_beginning(z):
        """Yours is how much of the start is left at each word: ask how much of each word is left at the end."""
        return torch.cat([torch.ones_like(z[:1]), torch.cumprod(1 - z, dim=0)[:-1]])

    def added_up(z):
        """You add the shares up: what survives several words is their product."""
        return torch.cat([(1 - z).flip(0).cumsum(0).flip(0)[1:], torch.ones_like(z[:1])])

    def next_word_only(z):
        """You look at the next word only: multiply over all words that follow."""
        return torch.cat([1 - z[1:], torch.ones_like(z[:1])])

    def last_entry_zero(z):
        """Your last entry is 0: nothing comes after the last word, so all of its state is still there, and the share is 1."""
        kept = reading.kept_to_the_end(z)
        kept[-1] = 0
        return kept

    def last_entry_missing(z):
        """Your last entry is missing: the share after the last word is 1."""
        return reading.kept_to_the_end(z)[:-1]

    def along_the_batch(z):
        """You multiply along the batch: time is the first axis."""
        return reading.kept_to_the_end(z.transpose(0, 1)).transpose(0, 1)

    def averaged(z):
        """You average over the units: every unit has a gate, and a share, of its own."""
        return reading.kept_to_the_end(z).mean(dim=-1)

    def average_gate_first(z):
        """You average the gates before you multiply: every unit has a gate, and a share, of its own."""
        return reading.kept_to_the_end(z.mean(dim=-1, keepdim=True).expand_as(z))

    def by_division(z):
        """You divide the whole product by its beginning, which fails where a gate is 1: multiply backwards from the end."""
        so_far = torch.cumprod(1 - z, dim=0)
        return so_far[-1] / so_far

    def gates_overwritten(z):
        """You turn z into 1 - z in place: z belongs to the caller, make a new tensor."""
        kept = reading.kept_to_the_end(z)
        z.neg_().add_(1)
        return kept

    def shifted_too_far(z):
        """You skip the next word: entry t is the product over all words after t, and the next one is among them."""
        kept = reading.kept_to_the_end(z)
        return torch.cat([kept[1:], torch.ones_like(kept[:1])])
