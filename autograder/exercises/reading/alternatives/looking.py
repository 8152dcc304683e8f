"""Right versions of the functions with which unit 05 looks into a network, written differently. All get full marks."""

import torch


class run_with_gates:
    def three_lists(cell, x, h0):
        states, updates, resets, state = [], [], [], h0
        for t in range(x.shape[0]):
            state, z, r = cell(x[t], state)
            states.append(state)
            updates.append(z)
            resets.append(r)
        return torch.stack(states), torch.stack(updates), torch.stack(resets)

    def filled_in(cell, x, h0):
        h, z, r = (torch.zeros(len(x), *h0.shape, dtype=h0.dtype) for _ in range(3))
        state = h0.clone()
        with torch.no_grad():
            for t in range(len(x)):
                h[t], z[t], r[t] = cell(x[t], state)
                state = h[t]
        return h, z, r

    def by_recursion(cell, x, h0):
        first = cell(x[0], h0)
        if len(x) == 1:
            return tuple(part[None] for part in first)
        rest = run_with_gates.by_recursion(cell, x[1:], first[0])
        return [torch.cat([part[None], others]) for part, others in zip(first, rest, strict=True)]

    def one_tensor(cell, x, h0):
        steps, state = [], h0
        for word in x:
            steps.append(torch.stack(cell(word, state)))
            state = steps[-1][0]
        return torch.stack(steps, dim=1).unbind(0)


class prediction_after_each_word:
    def by_exponentials(model, x):
        rows = []
        for t in range(1, len(x) + 1):
            logits = model(x[:t])
            powers = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
            rows.append(powers / powers.sum(dim=1, keepdim=True))
        return torch.stack(rows)

    def filled_in(model, x):
        last = model(x).softmax(-1).detach()
        found = last.new_zeros(len(x), *last.shape)
        for t in range(len(x)):
            found[t] = model(x[: t + 1]).softmax(-1).detach()
        return found

    def by_log_softmax(model, x):
        with torch.no_grad():
            return torch.stack([torch.log_softmax(model(x.narrow(0, 0, t)), -1).exp() for t in range(1, len(x) + 1)])

    def one_sentence_at_a_time(model, x):
        columns = [
            torch.stack([torch.softmax(model(x[: t + 1, n : n + 1]), dim=1)[0] for t in range(len(x))])
            for n in range(x.shape[1])
        ]
        return torch.stack(columns, dim=1)


class word_influence:
    def by_backward(model, x, answer):
        x = x.detach().clone()
        x.requires_grad = True
        model(x).gather(1, answer[:, None]).sum().backward()
        return x.grad.square().sum(dim=2).sqrt()

    def one_sentence_at_a_time(model, x, answer):
        columns = []
        for n in range(x.shape[1]):
            words = x[:, n : n + 1].clone().requires_grad_(True)
            (slope,) = torch.autograd.grad(model(words)[0, answer[n]], words)
            columns.append(torch.linalg.vector_norm(slope[:, 0], dim=-1))
        return torch.stack(columns, dim=1)

    def by_a_mask(model, x, answer):
        def asked(words):
            logits = model(words)
            mask = torch.nn.functional.one_hot(answer, logits.shape[1]).to(logits.dtype)
            return (logits * mask).sum()

        return torch.autograd.functional.jacobian(asked, x).norm(p=2, dim=2)

    def by_weighted_outputs(model, x, answer):
        leaf = torch.tensor(x.numpy(), requires_grad=True)
        logits = model(leaf)
        weights = torch.zeros_like(logits)
        weights[range(len(answer)), answer] = 1.0
        logits.backward(weights)
        return (leaf.grad**2).sum(-1) ** 0.5


class kept_to_the_end:
    def by_cumprod(z):
        later = torch.cat([1 - z[1:], torch.ones_like(z[:1])])
        return later.flip(0).cumprod(0).flip(0)

    def by_prod(z):
        return torch.stack([(1 - z[t + 1 :]).prod(dim=0) for t in range(len(z))])

    def filled_in(z):
        kept = torch.ones_like(z)
        for t in range(len(z) - 2, -1, -1):
            kept[t] = kept[t + 1] * (1 - z[t + 1])
        return kept

    def by_scalars(z):
        kept = z.numpy().copy()
        T, B, H = kept.shape
        for b in range(B):
            for k in range(H):
                share = 1.0
                for t in reversed(range(T)):
                    kept[t, b, k], share = share, share * (1 - z[t, b, k].item())
        return torch.from_numpy(kept)
