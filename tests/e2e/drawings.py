"""Drawings that browser tests start from."""

from tests.factories import graph

CUSTOMERS = "tenure,charges,churned\n" + "\n".join(
    f"{i % 72},{20 + (i * 7) % 100},{'yes' if (i * 13) % 100 > 60 else 'no'}" for i in range(200)
)
NUMBERS = "a,b\n1,10\n2,20\n3,30\n4,40\n"


def script(text: str) -> dict:
    """Data into a script, and another step that does not hang on it."""
    return graph(
        ("d", "enter_data_manually@1", {"data": NUMBERS}),
        ("py", "execute_python_script@1", {"script": text}),
        ("next", "split_data@1", {"seed": 1}),
        edges=(("d.dataset", "py.dataset1"), ("py.result1", "next.dataset")),
    )


def small() -> dict:
    """Data into a split."""
    return graph(
        ("d", "enter_data_manually@1", {"data": NUMBERS}),
        ("split", "split_data@1", {"fraction": 0.5, "seed": 1}),
        edges=(("d.dataset", "split.dataset"),),
    )


FAILING = """\
def azureml_main(dataframe1=None, dataframe2=None):
    print("about to fail")
    raise ValueError("the seventh column is missing")
"""
SLOW = """\
import time


def azureml_main(dataframe1=None, dataframe2=None):
    for second in range(60):
        print("second", second, flush=True)
        time.sleep(1)
    return dataframe1,
"""


def training(fraction: float) -> dict:
    """Customers, divided, learned from, scored and evaluated."""
    return graph(
        ("d", "enter_data_manually@1", {"data": CUSTOMERS}),
        ("split", "split_data@1", {"fraction": fraction, "seed": 1}),
        ("learner", "two_class_logistic_regression@1", {}),
        ("train", "train_model@1", {"label": "churned"}),
        ("score", "score_model@1", {}),
        ("evaluate", "evaluate_model@1", {}),
        edges=(
            ("d.dataset", "split.dataset"),
            ("split.first", "train.dataset"),
            ("learner.untrained_model", "train.untrained_model"),
            ("train.model", "score.model"),
            ("split.second", "score.dataset"),
            ("score.dataset", "evaluate.scored_dataset"),
        ),
    )
