"""Mathematical operations on columns of decimal numbers, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy


# Names and titles stand here without the libraries: the form reads them in the web process.
BASIC = {
    "abs": "Absolute value", "cbrt": "Cube root", "exp": "e to the power", "exp2": "2 to the power",
    "expm1": "e to the power, minus 1", "factorial": "Factorial", "ln": "Natural logarithm",
    "ln1p": "Natural logarithm of 1 + x", "log10": "Logarithm to base 10", "log2": "Logarithm to base 2",
    "negative": "Negative", "reciprocal": "Reciprocal", "sign": "Sign", "sqrt": "Square root",
    "sqrt_pi": "Square root of pi times x", "square": "Square",
}  # fmt: skip
COMPARE = {
    "equal": "Equal to", "not_equal": "Not equal to", "greater": "Greater than", "greater_equal": "Greater or equal",
    "less": "Less than", "less_equal": "Less or equal", "pair_max": "Greater of both", "pair_min": "Lesser of both",
}  # fmt: skip
OPERATIONS = {
    "add": "Add", "subtract": "Subtract", "multiply": "Multiply", "divide": "Divide", "power": "Power",
    "nth_root": "Nth root", "log": "Logarithm to a base", "hypotenuse": "Hypotenuse", "atan2": "Angle of y and x",
    "quotient": "Whole quotient", "mod": "Modulo (sign of the divisor)",
    "remainder": "Remainder (sign of the dividend)", "round_digits": "Round to digits",
    "to_multiple": "Round to a multiple", "beta": "Beta", "ln_beta": "Logarithm of beta",
    "gamma_p": "Regularized gamma P", "gamma_q": "Regularized gamma Q", "gamma_p_inverse": "Inverse of gamma P",
    "gamma_q_inverse": "Inverse of gamma Q", "polygamma": "Polygamma",
}  # fmt: skip
ROUNDING = {
    "round": "Round half to even", "floor": "Floor", "ceiling": "Ceiling", "truncate": "Truncate",
    "round_up": "Away from zero", "ceiling_power_2": "Up to a power of 2", "to_even": "Up to an even number",
    "to_odd": "Up to an odd number",
}  # fmt: skip
SPECIAL = {
    "gamma": "Gamma", "ln_gamma": "Logarithm of gamma", "digamma": "Digamma", "erf": "Error function",
    "erf_inverse": "Inverse error function", "erfc": "Complementary error function",
    "erfc_inverse": "Inverse complementary error function", "elliptic_k": "Elliptic integral K",
    "elliptic_e": "Elliptic integral E", "double_factorial": "Double factorial",
}  # fmt: skip
TRIGONOMETRIC = {
    "sin": "Sine", "cos": "Cosine", "tan": "Tangent", "asin": "Arc sine", "acos": "Arc cosine", "atan": "Arc tangent",
    "sinh": "Hyperbolic sine", "cosh": "Hyperbolic cosine", "tanh": "Hyperbolic tangent",
    "asinh": "Inverse hyperbolic sine", "acosh": "Inverse hyperbolic cosine", "atanh": "Inverse hyperbolic tangent",
    "sinc": "Sine of pi x over pi x", "degrees": "Radians to degrees", "radians": "Degrees to radians",
}  # fmt: skip
TRUTHS = ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal")
TWO_ARGUMENTS = (*COMPARE, *OPERATIONS)


def compute(name: str, first: numpy.ndarray, second: numpy.ndarray | None = None) -> tuple[numpy.ndarray, int]:
    """Compute an operation; results that are no finite number become not-a-number.

    Parameters
    ----------
    name : str
        Of the operations above.
    first : numpy.ndarray
        Decimal numbers of shape (n,), with not-a-number where they are missing.
    second : numpy.ndarray, optional
        The second argument, for operations of two.

    Returns
    -------
    tuple of numpy.ndarray and int
        The result, and how many rows had arguments for which the operation is not defined.
    """
    import numpy

    given = numpy.isnan(first) if second is None else numpy.isnan(first) | numpy.isnan(second)
    with numpy.errstate(all="ignore"):
        function = _functions()[name]
        found = numpy.asarray(function(first) if second is None else function(first, second))
    if found.dtype == bool:
        return found, 0
    infinite = numpy.isinf(first) if second is None else numpy.isinf(first) | numpy.isinf(second)
    # What was infinite before may stay so; what became infinite left the range of the operation.
    wrong = ~given & (numpy.isnan(found) | (numpy.isinf(found) & ~infinite))
    return numpy.where(wrong | given, numpy.nan, found), int(wrong.sum())


@cache
def _functions() -> Mapping[str, Callable[..., Any]]:
    import numpy
    from scipy import special

    def polygamma(x: Any, order: Any) -> Any:
        whole = (order >= 0) & (order == numpy.floor(order))
        return numpy.where(whole, special.polygamma(numpy.where(whole, order, 0).astype(int), x), numpy.nan)

    def nth_root(x: Any, n: Any) -> Any:
        odd = (n % 2 == 1) & (x < 0)
        return numpy.where(odd, -numpy.power(numpy.abs(x), 1 / n), numpy.power(x, 1 / n))

    def factorial(x: Any) -> Any:
        return numpy.where((x >= 0) & (x == numpy.floor(x)), special.gamma(x + 1), numpy.nan)

    def double_factorial(x: Any) -> Any:
        whole = (x >= 0) & (x == numpy.floor(x))
        half = numpy.where(whole, x, 0) / 2
        odd = 2 ** (half + 0.5) / numpy.sqrt(numpy.pi) * special.gamma(half + 1)
        even = 2**half * special.gamma(half + 1)
        return numpy.where(whole, numpy.where(numpy.where(whole, x, 0) % 2 == 1, odd, even), numpy.nan)

    def round_digits(x: Any, digits: Any) -> Any:
        scale = numpy.power(10.0, numpy.trunc(digits))
        return numpy.rint(x * scale) / scale

    return {
        "abs": numpy.abs, "cbrt": numpy.cbrt, "exp": numpy.exp, "exp2": numpy.exp2, "expm1": numpy.expm1,
        "factorial": factorial, "ln": numpy.log, "ln1p": numpy.log1p, "log10": numpy.log10, "log2": numpy.log2,
        "negative": numpy.negative, "reciprocal": lambda x: 1 / x, "sign": numpy.sign, "sqrt": numpy.sqrt,
        "sqrt_pi": lambda x: numpy.sqrt(x * numpy.pi), "square": numpy.square,
        "equal": numpy.equal, "not_equal": numpy.not_equal, "greater": numpy.greater,
        "greater_equal": numpy.greater_equal, "less": numpy.less, "less_equal": numpy.less_equal,
        "pair_max": numpy.maximum, "pair_min": numpy.minimum,
        "add": numpy.add, "subtract": numpy.subtract, "multiply": numpy.multiply, "divide": numpy.divide,
        "power": numpy.power, "nth_root": nth_root, "log": lambda x, base: numpy.log(x) / numpy.log(base),
        "hypotenuse": numpy.hypot, "atan2": numpy.arctan2, "quotient": lambda x, y: numpy.trunc(x / y),
        "mod": numpy.mod, "remainder": numpy.fmod, "round_digits": round_digits,
        "to_multiple": lambda x, step: numpy.rint(x / step) * step,
        "beta": special.beta, "ln_beta": special.betaln, "gamma_p": special.gammainc, "gamma_q": special.gammaincc,
        "gamma_p_inverse": special.gammaincinv, "gamma_q_inverse": special.gammainccinv, "polygamma": polygamma,
        "round": numpy.rint, "floor": numpy.floor, "ceiling": numpy.ceil, "truncate": numpy.trunc,
        "round_up": lambda x: numpy.copysign(numpy.ceil(numpy.abs(x)), x),
        "ceiling_power_2": lambda x: numpy.exp2(numpy.ceil(numpy.log2(x))),
        "to_even": lambda x: 2 * numpy.ceil(x / 2), "to_odd": lambda x: 2 * numpy.ceil((x - 1) / 2) + 1,
        "gamma": special.gamma, "ln_gamma": special.gammaln, "digamma": special.digamma, "erf": special.erf,
        "erf_inverse": special.erfinv, "erfc": special.erfc, "erfc_inverse": special.erfcinv,
        "elliptic_k": special.ellipk, "elliptic_e": special.ellipe, "double_factorial": double_factorial,
        "sin": numpy.sin, "cos": numpy.cos, "tan": numpy.tan, "asin": numpy.arcsin, "acos": numpy.arccos,
        "atan": numpy.arctan, "sinh": numpy.sinh, "cosh": numpy.cosh, "tanh": numpy.tanh, "asinh": numpy.arcsinh,
        "acosh": numpy.arccosh, "atanh": numpy.arctanh, "sinc": numpy.sinc, "degrees": numpy.degrees,
        "radians": numpy.radians,
    }  # fmt: skip
