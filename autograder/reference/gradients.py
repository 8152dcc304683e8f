"""Reference solutions of unit 03: why gradients vanish and explode, and what keeps them alive."""

import numpy as np

from autograder.reference import Array, Params


def step_jacobian(h_next: Array, U: Array) -> Array:
    r"""The Jacobian of one step, for each example.

    It is $\frac{\partial h_{t+1}}{\partial h_t} = \text{diag}(1 - h_{t+1}^2)\, U$.
    Entry $[i, j]$ says how much neuron $i$ of the new state moves when neuron $j$ of the
    old state moves a little.

    Args:
        h_next: (B, H) the new states of a tanh network, one row per example.
        U: (H, H) recurrent weights.

    Returns:
        (B, H, H) one Jacobian for each example, a new array; no argument is changed.
    """
    return (1 - h_next**2)[:, :, None] * U


def state_gradient_norms(dh_last: Array, jacobians: Array) -> Array:
    r"""The norm of every state's gradient, for a loss that looks at the last state only.

    Going back one step is $\nabla_{h_t} L = J_{t+1}^{\top} \nabla_{h_{t+1}} L$.

    Args:
        dh_last: (B, H) gradient of the loss with respect to the last state.
        jacobians: (T, B, H, H) the Jacobians of T steps, first step first, so that
            ``jacobians[-1]`` belongs to the step that led to the last state.

    Returns:
        (T + 1, B) Euclidean norms by distance: entry k belongs to the state k steps
        before the last one. So entry 0 is the norm of ``dh_last`` itself, and entry T
        that of the state before the first step.
    """
    dh = dh_last
    norms = [np.linalg.norm(dh, axis=1)]
    for J in jacobians[::-1]:
        dh = np.einsum("bij,bi->bj", J, dh)
        norms.append(np.linalg.norm(dh, axis=1))
    return np.array(norms)


def jacobian_product(jacobians: Array) -> Array:
    r"""The Jacobian of many steps at once, for each example.

    It is the product $\frac{\partial h_T}{\partial h_0} = J_T \cdots J_2 J_1$.

    Args:
        jacobians: (T, B, H, H) the Jacobians of T steps (T >= 1), first step first.

    Returns:
        (B, H, H) their matrix product, a new array; ``jacobians`` is not changed.
    """
    product = jacobians[0].copy()
    for J in jacobians[1:]:
        product = J @ product
    return product


def rescale_spectral_norm(A: Array, rho: float) -> Array:
    r"""The orthogonal matrix nearest to A, times rho: every singular value is rho.

    Take the singular value decomposition $A = P\,\text{diag}(s)\,Q^{\top}$ and replace
    each number in $s$ by rho: the result is $\rho\, P Q^{\top}$. It stretches vectors of
    every direction by the same factor rho.

    Args:
        A: (H, H) any invertible matrix, such as one of random numbers.
        rho: a number, 0 or larger.

    Returns:
        (H, H) a new array; ``A`` is not changed.
    """
    P, _, Q_transposed = np.linalg.svd(A)
    return rho * (P @ Q_transposed)


def gradient_bound(states: Array, U: Array) -> Array:
    r"""A bound that no gradient exceeds, by its distance from the last state.

    One step back multiplies the norm by at most
    $\sigma_{\max}(U) \cdot \max_i (1 - h_i^2)$: the largest singular value of U times the
    largest slope of tanh among the neurons of the state which that step produced. Over
    several steps the factors multiply.

    Args:
        states: (T, B, H) the states after each of T steps of a tanh network.
        U: (H, H) recurrent weights.

    Returns:
        (T + 1, B) by distance, like ``state_gradient_norms``: entry k bounds the norm of
        the gradient k steps before the last state, if its norm at the last state is 1. So
        entry 0 is 1.
    """
    factors = np.linalg.norm(U, 2) * (1 - states**2).max(axis=2)
    bounds = np.ones((len(states) + 1, states.shape[1]))
    bounds[1:] = np.cumprod(factors[::-1], axis=0)
    return bounds


def clip_by_global_norm(gradients: Params, threshold: float) -> Params:
    r"""Shorten a gradient that is too long, and keep its direction.

    All arrays together are one long vector with the norm
    $n = \sqrt{\sum_k \lVert g_k \rVert^2}$. Where $n$ is larger than the threshold, every
    array is multiplied by the same factor, threshold / n; otherwise nothing is altered.

    Args:
        gradients: dict of arrays of any shapes, by name; all may be zero.
        threshold: a positive number.

    Returns:
        a new dict with the same names and shapes; neither ``gradients`` nor its arrays
        are changed.
    """
    n = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
    scale = threshold / n if n > threshold else 1.0
    return {name: scale * g for name, g in gradients.items()}


def truncated_backward(
    dstates: Array, x: Array, h0: Array, states: Array, W: Array, U: Array, k: int
) -> tuple[Array, Array, Array]:
    r"""Backpropagation through time in pieces of k steps: only the gradients stop.

    The sequence is cut into pieces: steps 0 to k - 1, steps k to 2k - 1, and so on; the
    last piece may be shorter. The states come from one uncut run. On the way back, no
    gradient passes from a piece to the piece before it; within a piece everything is as
    in full backpropagation through time. With k as large as T nothing is cut.

    Args:
        dstates: (T, B, H) the *direct* gradient at every step.
        x: (T, B, D) inputs. h0: (B, H) the state before the first step.
        states: (T, B, H) the states after each step of the Elman network.
        W: (H, D), U: (H, H).
        k: steps in a piece, at least 1.

    Returns:
        dW (H, D), dU (H, H), db (H,), in this order, summed over all steps and the batch.
    """
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
    dh = np.zeros(h0.shape)
    for t in reversed(range(len(x))):
        if (t + 1) % k == 0:
            dh = np.zeros(h0.shape)
        h = states[t - 1] if t > 0 else h0
        da = (dstates[t] + dh) * (1 - states[t] ** 2)
        dW, dU, db = dW + da.T @ x[t], dU + da.T @ h, db + da.sum(axis=0)
        dh = da @ U
    return dW, dU, db


def leaky_step(x: Array, h: Array, alpha: float | Array, W: Array, U: Array, b: Array) -> Array:
    r"""One step of a leaky network, which keeps a part of its state as it is.

    It is $h_{t+1} = (1 - \alpha)\, h_t + \alpha \tanh(W x_{t+1} + U h_t + b)$.
    With $\alpha = 1$ it is the Elman network; with $\alpha = 0$ the state copies itself.

    Args:
        x: (B, D) the input that arrives now. h: (B, H) the old state.
        alpha: a number from 0 to 1, or (H,) one for each neuron.
        W: (H, D), U: (H, H), b: (H,).

    Returns:
        (B, H) the new state, a new array; no argument is changed.
    """
    return (1 - alpha) * h + alpha * np.tanh(x @ W.T + h @ U.T + b)
