"""Right versions of what measures, sets and bounds a gradient's way back, written differently."""

import math

import numpy as np
import torch


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float64) for array in arrays]


class step_jacobian:
    def by_loop(h_next, U):
        return np.array([np.diag(1 - h**2) @ U for h in h_next])

    def by_einsum(h_next, U):
        return np.einsum("bi,ij->bij", 1 - np.square(h_next), U)

    def by_scalars(h_next, U):
        B, H = h_next.shape
        J = np.zeros((B, H, H))
        for n in range(B):
            for i in range(H):
                for j in range(H):
                    J[n, i, j] = (1 - h_next[n, i] ** 2) * U[i, j]
        return J

    def by_autograd(h_next, U):
        h_next, U = tensors(h_next, U)
        zero = torch.zeros(len(U), dtype=torch.float64)
        return torch.stack(
            [
                torch.autograd.functional.jacobian(lambda h, a=a: torch.tanh(a + U @ h), zero)
                for a in torch.atanh(h_next)
            ]
        )

    def by_slope_of_atanh(h_next, U):
        return U[None] / np.cosh(np.arctanh(h_next))[..., None] ** 2


class state_gradient_norms:
    def by_loop(dh_last, jacobians):
        T, B = jacobians.shape[:2]
        norms = np.zeros((T + 1, B))
        for n in range(B):
            dh = dh_last[n]
            norms[0, n] = math.sqrt(dh @ dh)
            for k in range(1, T + 1):
                dh = jacobians[T - k, n].T @ dh
                norms[k, n] = math.sqrt(dh @ dh)
        return norms

    def by_row_vectors(dh_last, jacobians):
        dh, found = dh_last[:, None, :], []
        for J in [None, *reversed(jacobians)]:
            dh = dh if J is None else dh @ J
            found.append(np.sqrt((dh**2).sum(axis=(1, 2))))
        return np.stack(found)

    def by_products(dh_last, jacobians):
        B, H = dh_last.shape
        product, norms = np.tile(np.eye(H), (B, 1, 1)), [np.linalg.norm(dh_last, axis=-1)]
        for J in jacobians[::-1]:
            product = product @ J
            norms.append(np.linalg.norm(np.einsum("bij,bi->bj", product, dh_last), axis=-1))
        return np.array(norms)

    def by_torch(dh_last, jacobians):
        dh, jacobians = tensors(dh_last, jacobians)
        gradients = [dh]
        for J in jacobians.flip(0):
            gradients.append(torch.bmm(J.transpose(1, 2), gradients[-1][..., None])[..., 0])
        return torch.stack(gradients).norm(dim=2)


class jacobian_product:
    def from_the_identity(jacobians):
        product = np.eye(jacobians.shape[-1])
        for J in jacobians:
            product = J @ product
        return product

    def backwards(jacobians):
        product = jacobians[-1]
        for t in range(len(jacobians) - 2, -1, -1):
            product = np.einsum("bij,bjk->bik", product, jacobians[t])
        return np.array(product)

    def one_example_at_a_time(jacobians):
        chains = [jacobians[::-1, n] for n in range(jacobians.shape[1])]
        return np.array([c[0] if len(c) == 1 else np.linalg.multi_dot(list(c)) for c in chains])

    def by_halves(jacobians):
        if len(jacobians) == 1:
            return jacobians[0] + 0.0
        middle = len(jacobians) // 2
        early, late = jacobians[:middle], jacobians[middle:]
        return np.matmul(jacobian_product.by_halves(late), jacobian_product.by_halves(early))

    def by_torch(jacobians):
        product, *others = torch.tensor(jacobians)
        for J in others:
            product = torch.bmm(J, product)
        return product.numpy()


class rescale_spectral_norm:
    def by_putting_rho(A, rho):
        P, s, Q = np.linalg.svd(A)
        return P @ np.diag(np.full(len(s), rho)) @ Q

    def by_eigenvalues(A, rho):
        # the polar factor is A (A'A)^(-1/2)
        w, V = np.linalg.eigh(A.T @ A)
        return rho * A @ (V / np.sqrt(w)) @ V.T

    def by_newton(A, rho):
        X = np.array(A)
        for _ in range(100):
            X = (X + np.linalg.inv(X).T) / 2
        return rho * X

    def by_torch(A, rho):
        P, _, Q = torch.linalg.svd(torch.tensor(A))
        return rho * (P @ Q)

    def by_two_rotations(A, rho):
        # the other singular vectors, from the transpose
        Q, _, P_transposed = np.linalg.svd(A.T)
        return rho * np.dot(Q, P_transposed).T


class gradient_bound:
    def by_loop(states, U):
        T, B = states.shape[:2]
        gain = np.linalg.svd(U, compute_uv=False)[0]
        bounds = np.ones((T + 1, B))
        for k in range(1, T + 1):
            for n in range(B):
                bounds[k, n] = bounds[k - 1, n] * gain * max(1 - h**2 for h in states[T - k, n])
        return bounds

    def by_eigenvalues(states, U):
        gain = np.sqrt(np.linalg.eigvalsh(U @ U.T)[-1])
        slopes = 1 - np.abs(states).min(axis=-1) ** 2
        rows = [np.ones(states.shape[1])]
        for slope in slopes[::-1]:
            rows.append(rows[-1] * gain * slope)
        return np.stack(rows)

    def by_powers(states, U):
        steps = np.arange(len(states) + 1)[:, None]
        slopes = np.concatenate([np.ones((1, states.shape[1])), np.max(1 - states[::-1] ** 2, axis=2)])
        return np.linalg.norm(U, ord=2) ** steps * np.multiply.accumulate(slopes)

    def by_torch(states, U):
        states, U = tensors(states, U)
        factors = torch.linalg.matrix_norm(U, 2) * (1 - states**2).amax(dim=2)
        return torch.cat([torch.ones(1, states.shape[1], dtype=torch.float64), factors.flip(0).cumprod(0)])
