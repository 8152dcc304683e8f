"""Wrong versions of the functions with which unit 05 measures influence and keeping. Each docstring is the hint."""

import torch

from autograder.reference import reading


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

    def words_made_to_gather_gradients(model, x, answer):
        """You call requires_grad_() on the words themselves, which are the caller's: do so on x.detach().clone()."""
        x.requires_grad_()
        picked = model(x).gather(1, answer[:, None])
        return torch.autograd.grad(picked.sum(), x)[0].norm(dim=-1)

    def gradient_left_behind(model, x, answer):
        """You leave a gradient in x.grad, where the next call adds to it: work on x.detach().clone()."""
        x.requires_grad_()
        model(x).gather(1, answer[:, None]).sum().backward()
        x.requires_grad_(False)
        return x.grad.norm(dim=-1)

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
