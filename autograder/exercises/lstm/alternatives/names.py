"""Right versions of the dictionary, of filling torch's LSTM, and of the two small functions about forgetting."""

import copy
import functools

import numpy as np
import torch


class gamma_names:
    def written_out():
        return {
            "W_xi": "W_ux",
            "W_hi": "W_uc",
            "b_i": "b_u",
            "W_xf": "W_fx",
            "W_hf": "W_fc",
            "b_f": "b_f",
            "W_xo": "W_ox",
            "W_ho": "W_oc",
            "b_o": "b_o",
            "W_xc": "W_cx",
            "W_hc": "W_cc",
            "b_c": "b_c",
        }

    def by_loop():
        table = {}
        for ours, theirs in (("i", "u"), ("f", "f"), ("o", "o"), ("c", "c")):
            table["W_x" + ours] = "W_" + theirs + "x"
            table["W_h" + ours] = "W_" + theirs + "c"
            table["b_" + ours] = "b_" + theirs
        return table

    def by_zip():
        ours = [name + k for k in "ifoc" for name in ("W_x", "W_h", "b_")]
        theirs = [name.format(k) for k in "ufoc" for name in ("W_{}x", "W_{}c", "b_{}")]
        return dict(zip(ours, theirs, strict=True))


class lstm_from_gamma:
    def by_table(params):
        return {ours: params[theirs] for ours, theirs in gamma_names.written_out().items()}

    def by_copying(params):
        made = {}
        for ours, theirs in zip("ifoc", "ufoc", strict=True):
            made["W_x" + ours] = np.array(params[f"W_{theirs}x"])
            made["W_h" + ours] = np.array(params[f"W_{theirs}c"])
            made["b_" + ours] = np.array(params["b_" + theirs])
        return made

    def as_tensors(params):
        return {ours: torch.tensor(params[theirs]) for ours, theirs in gamma_names.by_zip().items()}


class load_into_torch_lstm:
    def by_state_dict(params):
        H, D = params["W_xi"].shape
        module = torch.nn.LSTM(D, H).double()
        stacks = [torch.tensor(np.vstack([params[name + k] for k in "ifco"])) for name in ("W_x", "W_h")]
        bias = torch.tensor(np.hstack([params["b_" + k] for k in "ifco"]))
        module.load_state_dict(
            {"weight_ih_l0": stacks[0], "weight_hh_l0": stacks[1], "bias_ih_l0": 0 * bias, "bias_hh_l0": bias}
        )
        return module

    def block_by_block(params):
        H, D = params["W_xi"].shape
        module = torch.nn.LSTM(D, H, dtype=torch.float64)
        for place, k in enumerate("ifco"):
            rows = slice(place * H, (place + 1) * H)
            module.weight_ih_l0.data[rows] = torch.tensor(params["W_x" + k])
            module.weight_hh_l0.data[rows] = torch.tensor(params["W_h" + k])
            module.bias_ih_l0.data[rows] = module.bias_hh_l0.data[rows] = torch.tensor(params["b_" + k]) / 2
        return module

    def by_parameters(params):
        H, D = params["W_xi"].shape
        module = torch.nn.LSTM(D, H).double()
        for name, key in (("weight_ih_l0", "W_x"), ("weight_hh_l0", "W_h"), ("bias_ih_l0", "b_")):
            setattr(module, name, torch.nn.Parameter(torch.cat([torch.tensor(params[key + k]) for k in "ifco"])))
        module.bias_hh_l0 = torch.nn.Parameter(torch.zeros(4 * H, dtype=torch.float64))
        return module


class cell_path_gain:
    def by_loop(forget, start, end):
        gain = np.ones(forget.shape[1:])
        for t in range(start + 1, end + 1):
            gain = gain * forget[t]
        return gain

    def by_logarithm(forget, start, end):
        return np.exp(np.log(forget[start + 1 : end + 1]).sum(axis=0))

    def by_torch(forget, start, end):
        return torch.tensor(forget)[start + 1 : end + 1].prod(dim=0)

    def by_reduce(forget, start, end):
        return functools.reduce(np.multiply, forget[start + 1 : end + 1], np.ones_like(forget[0]))


class init_forget_bias:
    def by_copy(params, bias):
        made = copy.deepcopy(params)
        made["b_f"][:] = bias
        return made

    def by_comprehension(params, bias):
        return {name: 0 * value + bias if name == "b_f" else value for name, value in params.items()}

    def by_update(params, bias):
        made = dict(params)
        made.update(b_f=bias * np.ones_like(params["b_f"]))
        return made
