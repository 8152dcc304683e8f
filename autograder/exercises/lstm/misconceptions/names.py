"""Wrong versions of the dictionary, of filling torch's LSTM, and of the two small functions about forgetting."""

import numpy as np
import torch

from autograder.reference import lstm


class gamma_names:
    def update_and_forget_swapped():
        """Your dictionary takes Gamma_u for the forget gate: the update gate lets the new in, so it plays the input gate."""
        swap = str.maketrans("uf", "fu")
        return {ours: theirs.translate(swap) for ours, theirs in lstm.gamma_names().items()}

    def turned_round():
        """Your dictionary goes the other way: its keys are the names of lstm_step."""
        return {theirs: ours for ours, theirs in lstm.gamma_names().items()}

    def input_and_recurrent_swapped():
        """In your dictionary the input's matrices meet the recurrent ones: W_ux belongs to the input, W_uc to the memory."""
        table = lstm.gamma_names()
        swap = {"W_x": "W_h", "W_h": "W_x"}
        return {
            ours: table[swap.get(ours[:3], ours[:3]) + ours[3:]] if ours[0] == "W" else table[ours] for ours in table
        }

    def biases_missing():
        """The biases are missing in your dictionary."""
        return {ours: theirs for ours, theirs in lstm.gamma_names().items() if ours[0] == "W"}

    def output_and_proposal_swapped():
        """Your dictionary takes the output gate for the proposal: Gamma_o is o, and c~ plays the candidate."""
        table = lstm.gamma_names()
        return {ours: table[ours[:-1] + {"o": "c", "c": "o"}.get(ours[-1], ours[-1])] for ours in table}


class lstm_from_gamma:
    def update_and_forget_swapped(params):
        """You take Gamma_u for the forget gate: the update gate plays the input gate."""
        return {ours: params[theirs] for ours, theirs in gamma_names.update_and_forget_swapped().items()}

    def input_and_recurrent_swapped(params):
        """The input's and the recurrent matrices are swapped in your parameters."""
        return {ours: params[theirs] for ours, theirs in gamma_names.input_and_recurrent_swapped().items()}

    def names_kept(params):
        """Your parameters still have the names of the Gamma notation."""
        return dict(params)

    def transposed(params):
        """Your matrices are transposed: both notations store them alike, only the names differ."""
        return {ours: params[theirs].T for ours, theirs in lstm.gamma_names().items()}

    def forget_from_update(params):
        """You make the forget gate from the update gate, as 1 - Gamma_u would: Gamma_f has parameters of its own."""
        renamed = lstm.lstm_from_gamma(params)
        return renamed | {"W_xf": -renamed["W_xi"], "W_hf": -renamed["W_hi"], "b_f": -renamed["b_i"]}

    def biases_missing(params):
        """The biases are missing in your parameters."""
        return {name: value for name, value in lstm.lstm_from_gamma(params).items() if name[0] == "W"}


def torch_lstm(params, order="ifco", b_more=0.0, dtype=torch.float64, **options):
    """A torch LSTM filled in this order of blocks."""
    module = torch.nn.LSTM(params["W_xi"].shape[1], params["W_xi"].shape[0], dtype=dtype, **options)
    stacked = {name: np.concatenate([params[f"{name}{k}"] for k in order]) for name in ("W_x", "W_h", "b_")}
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.tensor(stacked["W_x"]))
        module.weight_hh_l0.copy_(torch.tensor(stacked["W_h"]))
        module.bias_ih_l0.copy_(torch.tensor(stacked["b_"]))
        module.bias_hh_l0.copy_(torch.tensor(b_more * stacked["b_"]))
    return module


class load_into_torch_lstm:
    def stacked_i_f_o_g(params):
        """You stack the blocks in the order i, f, o, g: torch wants i, f, g, o."""
        return torch_lstm(params, "ifoc")

    def stacked_f_i_g_o(params):
        """You stack the forget gate first: torch wants i, f, g, o."""
        return torch_lstm(params, "fico")

    def stacked_i_g_f_o(params):
        """You stack the candidate second: torch wants i, f, g, o."""
        return torch_lstm(params, "icfo")

    def bias_in_both(params):
        """torch adds its two biases up, so with b in both your network has it twice."""
        return torch_lstm(params, b_more=1.0)

    def bias_missing(params):
        """Your network has no bias at all: the sum of torch's two must be ours."""
        return torch_lstm(params, b_more=-1.0)

    def recurrent_blocks_transposed(params):
        """Your recurrent blocks are transposed: torch stores each just as we do."""
        return torch_lstm({name: value.T if name.startswith("W_h") else value for name, value in params.items()})

    def single_precision(params):
        """Your network computes in float32, torch's default: ask for dtype=torch.float64."""
        return torch_lstm(params, dtype=torch.float32)

    def batch_first(params):
        """Your network takes the batch first: leave batch_first at its default."""
        return torch_lstm(params, batch_first=True)


class cell_path_gain:
    def first_gate_counted(forget, start, end):
        """You count the forget gate at the start, too: it was applied before c_start was there."""
        return np.prod(forget[start : end + 1], axis=0)

    def last_gate_missing(forget, start, end):
        """The forget gate at the end is missing: c_end is made with it."""
        return np.prod(forget[start + 1 : end], axis=0)

    def one_early(forget, start, end):
        """Your stretch is one step early: it runs from start + 1 to end, both included."""
        return np.prod(forget[start:end], axis=0)

    def summed(forget, start, end):
        """You add the gates up: each step multiplies, so take their product."""
        return np.sum(forget[start + 1 : end + 1], axis=0)

    def whole_sequence(forget, start, end):
        """You multiply the gates of the whole sequence: only those after start, up to end, count."""
        return np.prod(forget, axis=0)

    def units_multiplied(forget, start, end):
        """You multiply the units with each other: the product runs over the steps alone, each unit keeps its own."""
        return np.prod(forget[start + 1 : end + 1], axis=(0, 2))

    def in_place(forget, start, end):
        """Your function multiplies the gates that it was given into each other: use a new array."""
        gain = np.prod(forget[start + 1 : end + 1], axis=0)
        forget[start] = gain
        return gain


class init_forget_bias:
    def every_bias_set(params, bias):
        """You set all biases: only the forget gate's is meant."""
        return {name: np.full_like(value, bias) if name.startswith("b_") else value for name, value in params.items()}

    def input_bias_set(params, bias):
        """You set the input gate's bias: b_f belongs to the forget gate."""
        return params | {"b_i": np.full(params["b_i"].shape, float(bias))}

    def added(params, bias):
        """You add to the forget bias: set it, whatever it was."""
        return params | {"b_f": params["b_f"] + bias}

    def in_place(params, bias):
        """Your function changes the parameters that it was given: return a new dict with a new b_f."""
        params["b_f"][...] = bias
        return params

    def a_bare_number(params, bias):
        """Your b_f is a single number: it keeps its shape (H,)."""
        return params | {"b_f": float(bias)}

    def only_the_bias(params, bias):
        """You return the forget bias alone: all other parameters are wanted, too."""
        return {"b_f": np.full(params["b_f"].shape, float(bias))}
