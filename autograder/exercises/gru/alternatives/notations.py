"""Right versions of unit 04's translations and of torch's variant, written differently. All get full marks."""

import numpy as np
import torch

from autograder.exercises.gru.alternatives.steps import squash


class translate_gru:
    def by_one_table(params, source, target):
        rows = {
            "gamma": ("ux", "uc", "rx", "rc", "cx", "cc", "u", "r", "c"),
            "z_new": ("_z", "U_z", "_r", "U_r", "_h", "U_h", "z", "r", "h"),
            "u_old": ("xu", "hu", "xr", "hr", "xh", "hh", "u", "r", "h"),
        }
        names = {
            form: [
                ("b_" if len(row) == 1 else "" if row[0] == "U" else "W" if row[0] == "_" else "W_") + row
                for row in all_rows
            ]
            for form, all_rows in rows.items()
        }
        sign = -1 if (source == "u_old") ^ (target == "u_old") else 1
        return {
            to: (sign if n in (0, 1, 6) else 1) * params[was]
            for n, (was, to) in enumerate(zip(names[source], names[target], strict=True))
        }

    def by_way_of_z_new(params, source, target):
        gamma = {"W_z": "W_ux", "U_z": "W_uc", "b_z": "b_u", "W_r": "W_rx", "U_r": "W_rc", "b_r": "b_r"}
        gamma |= {"W_h": "W_cx", "U_h": "W_cc", "b_h": "b_c"}
        old = {"W_z": "W_xu", "U_z": "W_hu", "b_z": "b_u", "W_r": "W_xr", "U_r": "W_hr", "b_r": "b_r"}
        old |= {"W_h": "W_xh", "U_h": "W_hh", "b_h": "b_h"}
        tables = {"gamma": gamma, "z_new": {name: name for name in gamma}, "u_old": old}
        between = {name: params[tables[source][name]].copy() for name in gamma}
        for form in (source, target):
            if form == "u_old":
                for name in ("W_z", "U_z", "b_z"):
                    between[name] = 0.0 - between[name]
        return {tables[target][name]: between[name] for name in gamma}

    def with_copies_of_everything(params, source, target):
        kept = {name: np.array(array) for name, array in params.items()}
        return translate_gru.by_one_table(kept, source, target)


class torch_gru_step:
    def by_slices(x, h, params):
        H = h.shape[1]

        def rows(name, n):
            return params[name][n * H : (n + 1) * H]

        def a(n):
            return x @ rows("weight_ih_l0", n).T + rows("bias_ih_l0", n)

        def s(n):
            return h @ rows("weight_hh_l0", n).T + rows("bias_hh_l0", n)

        n = np.tanh(a(2) + squash(a(0) + s(0)) * s(2))
        return n + squash(a(1) + s(1)) * (h - n)

    def by_loop(x, h, params):
        H, new = h.shape[1], []
        for x_n, h_n in zip(x, h, strict=True):
            a = (params["weight_ih_l0"] @ x_n + params["bias_ih_l0"]).reshape(3, H)
            s = (params["weight_hh_l0"] @ h_n + params["bias_hh_l0"]).reshape(3, H)
            r, z = squash(a[:2] + s[:2])
            new.append((1 - z) * np.tanh(a[2] + r * s[2]) + z * h_n)
        return np.array(new)

    def by_einsum(x, h, params):
        H = h.shape[1]
        a = np.einsum("gkd,bd->gbk", params["weight_ih_l0"].reshape(3, H, -1), x) + params["bias_ih_l0"].reshape(
            3, 1, H
        )
        s = np.einsum("gkj,bj->gbk", params["weight_hh_l0"].reshape(3, H, H), h) + params["bias_hh_l0"].reshape(3, 1, H)
        r, z = squash(a[0] + s[0]), squash(a[1] + s[1])
        return z * h + (1 - z) * np.tanh(a[2] + r * s[2])

    def by_torch(x, h, params):
        x, h = torch.tensor(x), torch.tensor(h)
        p = {name: torch.tensor(array) for name, array in params.items()}
        a = torch.nn.functional.linear(x, p["weight_ih_l0"], p["bias_ih_l0"]).chunk(3, dim=1)
        s = torch.nn.functional.linear(h, p["weight_hh_l0"], p["bias_hh_l0"]).chunk(3, dim=1)
        r, z = torch.sigmoid(a[0] + s[0]), torch.sigmoid(a[1] + s[1])
        return torch.lerp(torch.tanh(a[2] + r * s[2]), h, z)


class load_into_torch_gru:
    def by_state_dict(params):
        H, D = params["W_z"].shape
        module = torch.nn.GRU(D, H).double()
        stacked = {
            kind: torch.tensor(np.vstack([params[kind + "_r"], -params[kind + "_z"], params[kind + "_h"]]))
            for kind in "WU"
        }
        b = torch.tensor(np.hstack([params["b_r"], -params["b_z"], params["b_h"]]))
        state = {"weight_ih_l0": stacked["W"], "weight_hh_l0": stacked["U"], "bias_ih_l0": b, "bias_hh_l0": 0 * b}
        module.load_state_dict(state)
        return module

    def gate_biases_shared_out(params):
        H, D = params["W_z"].shape
        module = torch.nn.GRU(D, H, dtype=torch.float64)
        for rows, gate, sign in ((slice(H), "r", 1), (slice(H, 2 * H), "z", -1), (slice(2 * H, None), "h", 1)):
            module.weight_ih_l0.data[rows] = sign * torch.tensor(params[f"W_{gate}"])
            module.weight_hh_l0.data[rows] = sign * torch.tensor(params[f"U_{gate}"])
            module.bias_ih_l0.data[rows] = sign * torch.tensor(params[f"b_{gate}"]) / (1 if gate == "h" else 2)
            module.bias_hh_l0.data[rows] = sign * torch.tensor(params[f"b_{gate}"]) * (0 if gate == "h" else 0.5)
        return module

    def by_parameters(params):
        H, D = params["W_h"].shape
        module = torch.nn.GRU(input_size=D, hidden_size=H, num_layers=1, bias=True).double()
        minus = params | {f"{kind}_z": -params[f"{kind}_z"] for kind in "WUb"}
        for name, kind in (("weight_ih_l0", "W"), ("weight_hh_l0", "U"), ("bias_ih_l0", "b")):
            rows = torch.cat([torch.tensor(minus[f"{kind}_{gate}"]) for gate in "rzh"])
            setattr(module, name, torch.nn.Parameter(rows))
        torch.nn.init.zeros_(module.bias_hh_l0)
        return module.eval()


class count_parameters:
    def by_a_formula_each(cell, D, H):
        block = H * (D + H + 1)
        return {
            "rnn": block,
            "simplified_gru": 2 * block,
            "gru": 3 * block,
            "torch_gru": 3 * block + 3 * H,
            "lstm": 4 * block,
            "peephole_lstm": 4 * block + 3 * H,
        }[cell]

    def by_counting_arrays(cell, D, H):
        gates = {"rnn": "h", "simplified_gru": "uc", "gru": "zrh", "torch_gru": "rzn"}.get(cell, "ifoc")
        arrays = [np.zeros(shape) for _ in gates for shape in ((H, D), (H, H), (H,))]
        arrays += [np.zeros(H) for _ in range(3 if cell in ("torch_gru", "peephole_lstm") else 0)]
        return sum(array.size for array in arrays)

    def by_torch(cell, D, H):
        kind = {"rnn": torch.nn.RNN, "simplified_gru": torch.nn.GRU}.get(cell)
        kind = kind or (torch.nn.LSTM if "lstm" in cell else torch.nn.GRU)
        total = sum(
            p.numel() for name, p in kind(D, H).named_parameters() if name != "bias_hh_l0" or cell == "torch_gru"
        )
        if cell == "simplified_gru":
            total = total * 2 // 3
        return total + (3 * H if cell == "peephole_lstm" else 0)
