"""The root of this package's errors, and the one that a person can put right."""


class AutograderError(Exception):
    """An error that the autograder raises itself. Its message is a sentence for people.

    ===================== ======================================== ======================================================
    class                 defined in                               what it says
    ===================== ======================================== ======================================================
    UserError             autograder.errors                        a command cannot go on; what to do about it
    UnknownUnit           autograder.exercises                     there is no unit of this name
    SandboxUnavailable    autograder.sandbox.host.bubblewrap       nothing was run, because it could not be confined
    SandboxDied           autograder.sandbox.host.process          the confined process of one submission has ended
    SubmissionRejected    autograder.submissions.intake            one submission cannot be graded: zero, with the reason
    EntryRejected         autograder.submissions.paths             one file of an archive cannot be collected
    WorkerDied            autograder.grading.workers               the process that evaluated a submission has ended
    ChannelClosed         autograder.grading.channel               the other side of a worker's channel is gone
    DamagedEntry          autograder.grading.entries               part of a report is not as we write it
    ===================== ======================================== ======================================================
    """


class UserError(AutograderError):
    """Something that a person can put right. The message says what was wrong, where, and what to do next."""
