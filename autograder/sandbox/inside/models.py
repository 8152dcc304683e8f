"""Open models: differentiable, no secret, no exercise's solution. Stand-ins for what a student would have to train first."""

import torch


class OpenModule(torch.nn.Module):
    """Parameters from a dict of arrays, under their names."""

    def __init__(self, weights):
        super().__init__()
        for name, value in weights.items():
            self.register_parameter(name, torch.nn.Parameter(torch.as_tensor(value).clone()))


class Cell(OpenModule):
    """A cell with two gates and a state that turns: x (B, D), h (B, H) -> new state, z, r, each (B, H).

    Weights: A (D, H), B (H, H), C (H,).
    """

    def forward(self, x, h):
        z = torch.sigmoid(x @ self.A + h @ self.B + self.C)
        r = torch.sigmoid(h @ self.B - x @ self.A)
        return h * torch.cos(z) + r * torch.sin(x @ self.A), z, r


class Model(OpenModule):
    """A nonlinear function of a whole sequence, neighbours mixed: x (T, B, D) -> logits (B, K).

    Weights: A (D, M), V (M, K), decay (): how much less a word counts for each word before it.
    """

    def forward(self, x):
        seen = x @ self.A
        before = torch.cat([torch.zeros_like(seen[:1]), seen[:-1]])
        fading = self.decay ** torch.arange(len(x), dtype=x.dtype)
        return (fading[:, None, None] * torch.tanh(seen * (1 + before))).sum(0) @ self.V


MODELS = {"cell": Cell, "model": Model}
