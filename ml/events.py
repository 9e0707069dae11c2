"""What goes between the window and an engine: commands in, events out, each a typed value."""

from __future__ import annotations

from typing import Any

from ml.array import Array
from ml.data.dataset import Spec, Way
from ml.message import Message
from ml.project.project import Data, Project
from ml.project.report import ProjectReport
from ml.snapshots import Attention as Attention
from ml.snapshots import AttentionLayer as AttentionLayer
from ml.snapshots import Forecast as Forecast
from ml.snapshots import Glance as Glance
from ml.snapshots import Gradients as Gradients
from ml.snapshots import Inside as Inside
from ml.snapshots import InsideLayer as InsideLayer
from ml.snapshots import LayerGradient as LayerGradient
from ml.snapshots import Mistake as Mistake
from ml.snapshots import Mistakes as Mistakes
from ml.snapshots import Picture as Picture
from ml.snapshots import Recurrent as Recurrent
from ml.snapshots import RecurrentLayer as RecurrentLayer
from ml.snapshots import Region as Region
from ml.snapshots import Regions as Regions
from ml.snapshots import Snapshot as Snapshot
from ml.snapshots import Text as Text
from ml.snapshots import Told as Told
from ml.snapshots import Transcript as Transcript
from ml.snapshots import Transcripts as Transcripts

# Commands. Those with an `id` are answered by an event with the same `id`.


class Check(Message, frozen=True):
    """Say of every node its shapes, its parameters, or its error. Answered by `Checked`."""

    id: int
    project: Project


class Preview(Message, frozen=True):
    """Show what is in a dataset. Answered by `Previewed`, or `Refused`."""

    id: int
    data: Data


class Export(Message, frozen=True):
    """Write the models to `out`. Answered by `Exported`, or `Refused`. From a run's folder, or of a job the models as they are now."""

    id: int
    format: str
    out: str
    run: str = ""
    role: str = ""
    """Which model; nothing: the recipe's main one."""
    project: Project | None = None
    """Export this one, untrained, instead of a run or the job's models."""


class Train(Message, frozen=True):
    """Start a job. Answered by the job's events, to `Done` or `Failed`. After `Done` the engine keeps the models for `Generate`, `Probe` and `Export`."""

    project: Project
    run: str
    """The run's folder, made if it is not there."""


class Resume(Message, frozen=True):
    """Go on with a run from its last checkpoint, to its own end or to `epochs`. Answered as `Train` is."""

    run: str
    epochs: int | None = None


class OpenRun(Message, frozen=True):
    """Load a finished run's models, as if the job had just ended. Answered by `Done`, or `Failed`."""

    run: str


class Pause(Message, frozen=True):
    """Stop between two blocks of steps, until `Continue`."""


class Continue(Message, frozen=True):
    """Go on after `Pause`."""


class Step(Message, frozen=True):
    """Make this many steps, then pause."""

    count: int = 1


class Finish(Message, frozen=True):
    """End now and keep the best weights seen so far."""


class Stop(Message, frozen=True):
    """End now and keep the weights as they are."""


class SetRate(Message, frozen=True):
    """From now on train with this learning rate (under a schedule: scale it so that it is this now)."""

    rate: float


class SetParameter(Message, frozen=True):
    """Change a live parameter of the recipe."""

    name: str
    value: Any


class Probe(Message, frozen=True):
    """Watch attention on this example of the validation data (`index`), or on this text. Answered by an `Attention`."""

    index: int = 0
    text: str = ""


class Plane(Message, frozen=True):
    """From now on show the decision regions over these two columns of the data, by their numbers. Answered by `Regions`."""

    across: int
    up: int


class Generate(Message, frozen=True):
    """Make samples with the job's models. Answered by `Generated`, or `Refused`.

    `kind` is `latents` (decode `arrays["latents"]`, (n, d)), `noise` (n pictures from `seed`), `interpolate` (from `arrays["latents"]`, two rows, in n steps),
    `plane` (the latent means of the validation data, their labels, and how much each dimension moves the picture), or `text` (go on from `text`).
    """

    id: int
    kind: str
    n: int = 64
    seed: int = 0
    arrays: dict[str, Array] = {}
    text: str = ""
    arguments: dict[str, Any] = {}


class Attach(Message, frozen=True):
    """Say where the job's record ends, so that its history can be read up to what comes from now on. Answered by `Attached`."""


class Alone(Message, frozen=True):
    """The last one who listened has gone: a job goes on, an engine without one ends."""


class Quit(Message, frozen=True):
    """End the process."""


Command = (
    Check
    | Preview
    | Export
    | Train
    | Resume
    | OpenRun
    | Pause
    | Continue
    | Step
    | Finish
    | Stop
    | SetRate
    | SetParameter
    | Probe
    | Plane
    | Generate
    | Attach
    | Alone
    | Quit
)

# Events.


class Ready(Message, frozen=True):
    """The engine is up: what it runs, and how many seconds it took to start."""

    keras: str
    tensorflow: str
    seconds: float


class Refused(Message, frozen=True):
    """A request that can't be met: why, as a sentence."""

    id: int
    reason: str
    details: str = ""
    """For a bug report, where it was not foreseen."""
    ways: tuple[Way, ...] = ()
    """Of data that can't be had as asked: the ways out."""


class Checked(Message, frozen=True):
    """Answers `Check`."""

    id: int
    report: ProjectReport


class Previewed(Message, frozen=True):
    """Answers `Preview`."""

    id: int
    kind: str
    """`image`, `points`, `table`, `text` or `series`: what `arrays` and `texts` hold and how to show it."""
    shape: tuple[int, ...]
    """Of one sample."""
    classes: tuple[str, ...]
    sizes: dict[str, int]
    """Samples in `train`, `validation` and `test`."""
    arrays: dict[str, Array] = {}
    """`x` (up to 200 samples of the training part, in its order), `y` (their labels or targets), `counts` ((3, classes) samples a class in each part)."""
    features: tuple[str, ...] = ()
    """Names of the columns of a table."""
    texts: tuple[str, ...] = ()
    """For `text`: pieces of the training part."""
    notes: tuple[str, ...] = ()
    """What was found in the data that a person may not expect, each as a sentence."""
    spec: Spec | None = None
    """What is known of the data without loading them, so that the window need not read a file for it."""


class Exported(Message, frozen=True):
    """Answers `Export`: where it lies, and what was found when it was opened in a clean process."""

    id: int
    path: str
    size: int
    """In bytes."""
    verified: bool
    """True where a clean process loaded it and predicted the same."""
    difference: float | None = None
    """The greatest absolute difference between its predictions and ours."""
    message: str = ""


class Progress(Message, frozen=True):
    """Where a run is. `state` is `preparing`, `running`, `paused` or `ending`."""

    state: str
    step: int
    steps: int
    epoch: int
    """Counted from 0; the number of epochs that are complete."""
    epochs: int
    seconds: float
    """Since the first step."""
    seconds_left: float | None
    steps_per_second: float


class Attached(Message, frozen=True):
    """Answers `Attach`: every event of the job that was sent before this one is on record."""

    run: str
    """The run's folder; nothing where the engine has no job."""
    last: int
    """The number of the record's last event then."""
    progress: Progress | None = None
    """Where the job is."""


class Metrics(Message, frozen=True):
    """What was measured up to a step. `span` is `block` (means over the steps since the last one) or `epoch` (over the whole epoch)."""

    span: str
    step: int
    epoch: int
    train: dict[str, float]
    validation: dict[str, float] = {}
    """Only at the end of an epoch."""
    learning_rate: float = 0.0
    steps_per_second: float = 0.0


class Generated(Message, frozen=True):
    """Answers `Generate`. `arrays` holds `pixels` (n, h, w, c) of uint8 and `latents` (n, d); for `plane` also `labels` and `effect` (d,)."""

    id: int
    arrays: dict[str, Array] = {}
    text: str = ""


class Log(Message, frozen=True):
    """Something worth saying. `level` is `info`, `warning` or `error`."""

    text: str
    level: str = "info"


class Done(Message, frozen=True):
    """A run has ended. `reason` is `complete`, `early stopping`, `finished`, `stopped` or `opened`."""

    reason: str
    steps: int
    training_seconds: float
    """Wall time from the first step to the last."""
    metrics: dict[str, float]
    """The last epoch's, of validation with `val_` before the name."""
    run: str
    best_epoch: int | None = None
    """The epoch whose weights were kept, where it was not the last."""


class Failed(Message, frozen=True):
    """A run that could not go on: why, as a sentence, and the details for a bug report."""

    reason: str
    details: str = ""


Event = Ready | Refused | Checked | Previewed | Exported | Progress | Metrics | Snapshot | Generated | Log | Attached | Done | Failed
