"""Right versions of the batches, of ``train_and_score`` and of ``summarise``, written differently."""

import collections
import itertools
import math
import statistics
import time

import numpy as np
import torch
from torch.nn import functional


class adding_batch:
    def example_by_example(rng, T, B):
        x, y = torch.zeros(T, B, 2), torch.zeros(B, 1)
        for b in range(B):
            x[:, b, 0] = torch.from_numpy(rng.random(T))
            for place in (int(rng.integers(T // 2)), int(rng.integers(T // 2, T))):
                x[place, b, 1] = 1
                y[b, 0] += x[place, b, 0]
        return x, y

    def by_masks(rng, T, B):
        steps = np.arange(T)[:, None]
        second = T // 2 + rng.integers(T - T // 2, size=B)
        first = rng.integers(T // 2, size=B)
        marked = (steps == first) | (steps == second)
        numbers = rng.uniform(size=(T, B)).astype(np.float32)
        wanted = np.where(marked, numbers, 0).sum(axis=0, keepdims=True).T
        return torch.from_numpy(np.dstack([numbers, marked.astype(np.float32)])), torch.from_numpy(wanted)

    def by_scatter(rng, T, B):
        first = torch.from_numpy(rng.integers(T // 2, size=(1, B)))
        second = torch.from_numpy(rng.integers(T // 2, T, size=(1, B)))
        marks = torch.zeros(T, B).scatter(0, torch.cat([first, second]), 1.0)
        numbers = torch.from_numpy(rng.random((T, B), dtype=np.float32))
        return torch.stack([numbers, marks], dim=2), (numbers * marks).sum(0).unsqueeze(1)

    def by_a_torch_generator(rng, T, B):
        own = torch.Generator().manual_seed(int(rng.integers(2**40)))
        numbers = torch.rand(T, B, generator=own)
        places = torch.stack(
            [torch.randint(T // 2, (B,), generator=own), torch.randint(T // 2, T, (B,), generator=own)]
        )
        x = torch.stack([numbers, functional.one_hot(places, T).sum(0).T.float()], -1)
        return x, numbers.gather(0, places).sum(0)[:, None]


class copy_batch:
    def step_by_step(rng, wait, B, length, symbols):
        x = torch.zeros(2 * length + wait, B, symbols + 2)
        y = torch.zeros(length, B, dtype=torch.int64)
        for b in range(B):
            for t in range(length):
                y[t, b] = int(rng.integers(symbols))
                x[t, b, y[t, b]] = 1
        x[length : length + wait, :, symbols] = 1
        x[length + wait :, :, symbols + 1] = 1
        return x, y

    def by_one_hot(rng, wait, B, length, symbols):
        y = torch.from_numpy(rng.choice(symbols, size=(B, length)).T.copy())
        rest = torch.tensor([symbols] * wait + [symbols + 1] * length)[:, None].expand(-1, B)
        return functional.one_hot(torch.cat([y, rest]), symbols + 2).float(), y

    def by_padding(rng, wait, B, length, symbols):
        y = rng.integers(0, symbols, size=(length, B), dtype=np.int64)
        steps = np.pad(y, ((0, wait), (0, 0)), constant_values=symbols)
        steps = np.pad(steps, ((0, length), (0, 0)), constant_values=symbols + 1)
        x = (steps[..., None] == np.arange(symbols + 2)).astype(np.float32)
        return torch.from_numpy(x), torch.from_numpy(y)


class train_and_score:
    def by_hand(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
        """Adam, the clipping and the losses written out."""
        parameters = list(model.parameters())
        means = [torch.zeros_like(array) for array in parameters]
        squares = [torch.zeros_like(array) for array in parameters]
        started, source, losses = clock(), iter(batches), []
        while len(losses) < steps and clock() < started + seconds:
            batch = next(source, None)
            if batch is None:
                break
            output = model(batch[0])
            if goal == "number":
                loss = torch.mean((output - batch[1]) ** 2)
            else:
                picked = output.log_softmax(-1).gather(-1, batch[1].unsqueeze(-1))
                loss = -picked.mean()
            gradients = torch.autograd.grad(loss, parameters)
            length = math.sqrt(sum(float((gradient**2).sum()) for gradient in gradients))
            gradients = [gradient * min(1.0, 1 / (length + 1e-6)) for gradient in gradients]
            losses.append(loss.detach().item())
            n = len(losses)
            with torch.no_grad():
                for array, mean, square, gradient in zip(parameters, means, squares, gradients, strict=True):
                    mean.mul_(0.9).add_(0.1 * gradient)
                    square.mul_(0.999).add_(0.001 * gradient**2)
                    array -= rate * (mean / (1 - 0.9**n)) / (torch.sqrt(square / (1 - 0.999**n)) + 1e-8)
        seconds = clock() - started
        wrong = answers = 0
        for x, y in held_out:
            output = model(x).detach()
            wrong += float(((output - y) ** 2).sum() if goal == "number" else (output.argmax(-1) != y).sum())
            answers += y.numel()
        return {"losses": losses, "score": wrong / answers, "seconds": seconds}

    def clipped_by_hand(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
        """The norm as the formula has it; torch adds a millionth to it."""
        adam, losses, start = torch.optim.Adam(model.parameters(), lr=rate), [], clock()
        for x, y in batches:
            if len(losses) >= steps or clock() - start >= seconds:
                break
            output = model(x)
            loss = (
                functional.mse_loss(output, y)
                if goal == "number"
                else functional.cross_entropy(output.reshape(-1, output.shape[-1]), y.reshape(-1))
            )
            adam.zero_grad()
            loss.backward()
            norm = torch.sqrt(sum((parameter.grad**2).sum() for parameter in model.parameters()))
            if norm > 1:
                for parameter in model.parameters():
                    parameter.grad /= norm
            adam.step()
            losses.append(loss.item())
        took, errors = clock() - start, []
        with torch.no_grad():
            for x, y in held_out:
                errors += (
                    ((model(x) - y) ** 2 if goal == "number" else model(x).argmax(-1) != y).double().flatten().tolist()
                )
        return {"score": math.fsum(errors) / len(errors), "losses": losses, "seconds": took}

    def by_functions(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
        criterion = torch.nn.MSELoss() if goal == "number" else torch.nn.CrossEntropyLoss()
        adam = torch.optim.Adam(params=model.parameters(), lr=rate)

        def one(x, y):
            adam.zero_grad(set_to_none=False)
            out = model(x)
            loss = criterion(out, y) if goal == "number" else criterion(out.reshape(-1, out.shape[-1]), y.reshape(-1))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm=1)
            adam.step()
            return float(loss.detach())

        begin = clock()
        until = None if steps == math.inf else steps
        timely = itertools.takewhile(lambda _: clock() - begin < seconds, itertools.islice(batches, until))
        losses = np.fromiter((one(x, y) for x, y in timely), dtype=float)
        end = clock()
        model.eval()
        with torch.inference_mode():
            outputs = torch.cat([model(x).flatten(0, -2) for x, _ in held_out])
        wanted = torch.cat([y.flatten(0, -2) if goal == "number" else y.flatten() for _, y in held_out])
        errors = (outputs - wanted).square() if goal == "number" else (outputs.max(-1).indices != wanted).float()
        return {"score": float(errors.double().mean()), "losses": losses, "seconds": end - begin}

    def by_weights(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
        """The batches' own means, weighed by how many answers each has; the loop asks for the limits at its end."""
        optimiser, losses, zero = torch.optim.Adam(model.parameters(), lr=rate, foreach=False), [], clock()
        if steps > 0 and seconds > 0:
            for x, y in batches:
                scores = model(x)
                if goal == "number":
                    loss = ((scores - y) ** 2).mean()
                else:
                    loss = functional.nll_loss(scores.log_softmax(-1).view(-1, scores.shape[-1]), y.view(-1))
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
                optimiser.step()
                losses.append(loss.item())
                if len(losses) == steps or clock() - zero >= seconds:
                    break
        spent = clock() - zero
        means, sizes = [], []
        for x, y in held_out:
            with torch.no_grad():
                scores = model(x)
            error = (scores - y) ** 2 if goal == "number" else (scores.argmax(dim=-1) != y).to(torch.float64)
            means.append(error.mean().item())
            sizes.append(y.numel())
        return dict(score=np.average(means, weights=sizes), losses=np.array(losses), seconds=spent)


class summarise:
    def by_statistics(records):
        groups = collections.defaultdict(list)
        for record in records:
            groups[record["task"], record["budget"], record["cell"]].append(record["score"])
        return [
            {
                "task": task,
                "budget": budget,
                "cell": cell,
                "runs": len(scores),
                "mean": math.fsum(scores) / len(scores),
                "spread": _spread(scores),
            }
            for (task, budget, cell), scores in groups.items()
        ]

    def by_numpy_with_warnings(records):
        """numpy warns of a single run, and gives nan."""
        keys = list(dict.fromkeys((r["task"], r["budget"], r["cell"]) for r in records))
        rows = []
        for key in keys:
            scores = np.array([r["score"] for r in records if (r["task"], r["budget"], r["cell"]) == key])
            with np.errstate(all="ignore"):
                spread = np.sqrt(((scores - scores.mean()) ** 2).sum() / np.float64(len(scores) - 1))
            rows.append(dict(zip(("task", "budget", "cell"), key, strict=True)))
            rows[-1].update(runs=len(scores), mean=scores.mean(), spread=spread)
        return rows

    def one_pass(records):
        rows = {}
        for record in records:
            key = tuple(record[name] for name in ("task", "budget", "cell"))
            n, mean, squares = rows.get(key, (0, 0.0, 0.0))
            away = record["score"] - mean
            mean += away / (n + 1)
            rows[key] = (n + 1, mean, squares + away * (record["score"] - mean))
        names = ("task", "budget", "cell", "runs", "mean", "spread")
        found = ((*key, n, mean, (s / (n - 1)) ** 0.5 if n > 1 else math.nan) for key, (n, mean, s) in rows.items())
        return [dict(zip(names, row, strict=True)) for row in found]


def _spread(scores):
    if len(scores) < 2 or any(math.isnan(score) for score in scores):
        return math.nan
    return statistics.stdev(scores)
