"""Reference solutions of unit 09: a GRU cell as a torch module, and the questions that one asks a network that reads."""

# torch declares the attributes of a module as Tensor or Module
# pyright: reportOperatorIssue=false

from collections.abc import Callable

import numpy as np
import torch

Gated = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # the new state (or states), z and r


class GRUCell(torch.nn.Module):
    r"""One step of the GRU with z and r, as a torch module with its own parameters.

    $z = \sigma(W_z x_t + U_z h_{t-1} + b_z)$, $r = \sigma(W_r x_t + U_r h_{t-1} + b_r)$,
    $\tilde h = \tanh(W_h x_t + U_h (r \odot h_{t-1}) + b_h)$,
    $h_t = (1 - z) \odot h_{t-1} + z \odot \tilde h$.

    Parameters, each a ``torch.nn.Parameter``: W_z, W_r, W_h (H, D), U_z, U_r, U_h (H, H),
    b_z, b_r, b_h (H,). Matrices start random, of variance 1 / (number of columns).
    """

    def __init__(self, D: int, H: int) -> None:
        """D: number of columns of a word. H: number of neurons."""
        super().__init__()
        for gate in "zrh":
            self.register_parameter(f"W_{gate}", torch.nn.Parameter(torch.randn(H, D) / D**0.5))
            self.register_parameter(f"U_{gate}", torch.nn.Parameter(torch.randn(H, H) / H**0.5))
            self.register_parameter(f"b_{gate}", torch.nn.Parameter(torch.full((H,), -3.0 if gate == "z" else 0.0)))

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> Gated:
        """From a word x (B, D) and state h (B, H) to new state, z and r, each (B, H)."""
        z = torch.sigmoid(x @ self.W_z.T + h @ self.U_z.T + self.b_z)
        r = torch.sigmoid(x @ self.W_r.T + h @ self.U_r.T + self.b_r)
        candidate = torch.tanh(x @ self.W_h.T + (r * h) @ self.U_h.T + self.b_h)
        return (1 - z) * h + z * candidate, z, r


def encode(sentence: str, vectors: dict[str, np.ndarray]) -> torch.Tensor:
    """A sentence as a tensor, one row per word.

    Args:
        sentence: a string, its words separated by spaces (one or several).
        vectors: dict from word to its vector, (D,) each. Words are looked up exactly as
            they are written.

    Returns:
        (T, D) torch tensor of dtype float32, in the order of the words.

    Raises:
        ValueError: if a word is not among the vectors; the message names this word.
    """
    rows = []
    for word in sentence.split():
        if word not in vectors:
            raise ValueError(f"the word {word!r} is not in this language")
        rows.append(torch.as_tensor(vectors[word], dtype=torch.float32))
    return torch.stack(rows)


def run_with_gates(
    cell: Callable[[torch.Tensor, torch.Tensor], Gated],
    x: torch.Tensor,
    h0: torch.Tensor,
) -> Gated:
    """Let a cell read a sequence, and keep what it does at every word.

    Args:
        cell: called as ``cell(x_t, h)`` with x_t (B, D) and the old state h (B, H); it
            returns the new state, z and r, each (B, H).
        x: (T, B, D) words, time first. h0: (B, H) the state before the first word.

    Returns:
        h, z, r: three tensors (T, B, H); entry t is what the cell returned at word t.
            ``h0`` is not among the states.
    """
    kept, h = [], h0
    for x_t in x:
        kept.append(cell(x_t, h))
        h = kept[-1][0]
    states, z, r = (torch.stack(parts) for parts in zip(*kept, strict=True))
    return states, z, r


def prediction_after_each_word(
    model: Callable[[torch.Tensor], torch.Tensor],
    x: torch.Tensor,
) -> torch.Tensor:
    """What would the network say if the sentence stopped here?

    Args:
        model: from (t, B, D) words, for any t of at least 1, to logits (B, K).
        x: (T, B, D) words.

    Returns:
        (T, B, K) probabilities; entry t is the model's answer, after a softmax, to the
            first t + 1 words alone.
    """
    logits = torch.stack([model(x[: t + 1]) for t in range(len(x))])
    return torch.softmax(logits, dim=-1)


def word_influence(
    model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, answer: torch.Tensor
) -> torch.Tensor:
    r"""How much each word moves the logit of an answer.

    Args:
        model: from words (T, B, D) to logits (B, K). Examples do not see one another.
        x: (T, B, D) words; left as it was.
        answer: (B,) integers, for each example the answer whose logit is asked about.

    Returns:
        (T, B) the norm, over the D columns, of $\partial\, \text{logit} / \partial x_t$.
    """
    x = x.detach().clone().requires_grad_()
    logits = model(x)
    chosen = logits[torch.arange(len(answer)), answer]
    [gradient] = torch.autograd.grad(chosen.sum(), x)
    return gradient.norm(dim=-1)


def kept_to_the_end(z: torch.Tensor) -> torch.Tensor:
    """The share of the state after each word that the copy alone carries to the end.

    Args:
        z: (T, B, H) update gates, weights of the NEW state.

    Returns:
        (T, B, H) entry t is the product of 1 - z over all words after t; the last is 1.
    """
    shares, share = [], torch.ones_like(z[0])
    for z_t in z.flip(0):
        shares.append(share)
        share = share * (1 - z_t)
    return torch.stack(shares).flip(0)
