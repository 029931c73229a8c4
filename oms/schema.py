"""Migration steps for what a model cannot say."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger


def room_for_updates(table: str, percent: int) -> migrations.RunSQL:
    """Return the step that leaves `percent` of each page free, so that an updated row stays on its page.

    A row that stays needs no new entry in any index: balances change several times in an order's life.
    """
    return migrations.RunSQL(
        f"ALTER TABLE {table} SET (fillfactor = {100 - percent})", f"ALTER TABLE {table} RESET (fillfactor)"
    )


class AtOnce(Operation):
    """Take many steps of one kind, and draw the models anew once instead of after each.

    Django draws a model and all that it is connected with after every step; for 500 of them that takes half a minute.
    Each step finds the models as they are after all: first tables, then what their columns refer to, then the rest.
    """

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.steps = steps

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn again when it is asked for
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for step in reversed(self.steps):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Take {len(self.steps)} steps at once"

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.steps], {}


@contextmanager
def triggers_draw_no_models() -> Iterator[None]:
    """Meanwhile a step that adds or removes a trigger leaves the models of a migration drawn as they are.

    A trigger is nothing that a later step could see of a model. Drawing the model, and all that it is connected with,
    after each of 400 triggers takes as long as all else that makes the tables.
    """
    steps = {step: step.state_forwards for step in (AddTrigger, RemoveTrigger)}
    for step, forwards in steps.items():
        step.state_forwards = _without_drawing(forwards)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for step, forwards in steps.items():
            step.state_forwards = forwards  # type: ignore[method-assign]


def _without_drawing(forwards: Any) -> Any:
    def state_forwards(step: Operation, app_label: str, state: Any) -> None:
        state.reload_model = lambda *_model, **_how: None
        try:
            forwards(step, app_label, state)
        finally:
            del state.reload_model

    return state_forwards
