"""Grades a class: judges in parallel, records one by one, and keeps a report that a later run can build on."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import autograder
from autograder.grading import intake, judging, recording
from autograder.sandbox import bubblewrap
from autograder.workspace import Problem, notebook_name, write_whole


def report_path(workspace, unit):
    return workspace.report / f"{unit}.json"


def read_report(workspace, unit):
    """The report of the last grading of a unit: an empty one if there is none."""
    path = report_path(workspace, unit)
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return report if isinstance(report.get("students"), dict) else {"students": {}}
    except FileNotFoundError:
        return {"students": {}}
    except (OSError, ValueError, AttributeError) as error:
        raise Problem(f"The report {path} is damaged ({error}). Move it away and grade again.") from error


def chosen(workspace, unit, student=None):
    """The students to grade.

    Raises:
        Problem: no such unit, nobody handed in anything, or no such student.
    """
    notebook_name(unit)
    students = workspace.students(unit)
    where = workspace.folder("submitted", unit, "STUDENT")
    if not students:
        raise Problem(f"There are no submissions of {unit}. They belong into {where}, one folder a student.")
    if student is None:
        return students
    if student not in students:
        raise Problem(f"{student!r} has handed in nothing for {unit}. Those who have: {', '.join(students)}.")
    return [student]


def grade(workspace, unit, *, student=None, jobs=2, sandbox="bubblewrap", force=False, limits=None, tick=None):
    """Grade a unit's submissions.

    Args:
        student: only this one. jobs: submissions judged at a time. sandbox: "bubblewrap" or "none".
        force: also those that are unchanged since they were graded.
        tick: called with (student, entry of the report) as each is done; and first with (None, how many there are).

    Returns:
        the report: ``{"assignment", "students": {id: {"points", "maximum", "seconds", "refused", "exercises"}}}``.

    Raises:
        Problem: for anything a person can put right. What was recorded before stays recorded.
    """
    students = chosen(workspace, unit, student)
    if sandbox == "bubblewrap":
        bubblewrap.check()
    report = read_report(workspace, unit)
    recording.register(workspace, unit)
    assignment = judging.assignment(workspace, unit, sandbox, limits, font_cache())
    keys = {name: key(workspace, unit, name) for name in students}
    if not force:
        done = recording.recorded(workspace, unit)
        students = [name for name in students if not _unchanged(workspace, unit, name, keys, report, done)]
    report = {"assignment": unit, "students": report["students"]}
    if tick:
        tick(None, len(students))
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        try:
            waiting = {
                pool.submit(judging.judge_folder, assignment, workspace.folder("submitted", unit, name)): name
                for name in students
            }
            for future in as_completed(waiting):
                name, verdict = waiting[future], future.result()
                handed_in = intake.timestamp(workspace.folder("submitted", unit, name))
                recording.record(workspace, unit, name, verdict, handed_in)
                report["students"][name] = entry(verdict, keys[name])
                if tick:
                    tick(name, report["students"][name])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            ordered = {name: report["students"][name] for name in sorted(report["students"])}
            write_whole(report_path(workspace, unit), json.dumps(report | {"students": ordered}, indent=1) + "\n")
    return report | {"students": ordered}


def entry(verdict, key):
    """One student's part of the report."""
    return {
        "points": round(sum(score.points for score in verdict.scores.values()), 2),
        "maximum": sum(score.maximum for score in verdict.scores.values()),
        "seconds": round(verdict.seconds, 2),
        "refused": verdict.refused,
        "exercises": {
            name: {
                "points": score.points,
                "maximum": score.maximum,
                "checks": score.checks,
                "hint": score.hint_id,
                "why": score.note,
            }
            for name, score in verdict.scores.items()
        },
        "key": key,
    }


def key(workspace, unit, student):
    """What a grade depends on, as one short text: the submission, the release, the secret, and our own code."""
    digest = hashlib.sha256(workspace.secret())
    folder = workspace.folder("submitted", unit, student)
    try:
        digest.update(intake.fingerprint(folder, notebook_name(unit)))
    except intake.Refused as refused:
        digest.update(str(refused).encode())
    digest.update(workspace.notebook("release", unit).read_bytes())
    root = Path(autograder.__file__).parent
    for part in ("exercises", "grading", "reference", "sandbox"):
        for path in sorted((root / part).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _unchanged(workspace, unit, name, keys, report, recorded):
    entry = report["students"].get(name, {})
    return (
        entry.get("key") == keys[name] and name in recorded and workspace.notebook("autograded", unit, name).is_file()
    )


def font_cache():
    """matplotlib's list of fonts, as a file: making it takes a second, which no submission should pay."""
    import matplotlib
    from matplotlib import font_manager

    font_manager._load_fontmanager()  # writes the cache if there is none yet
    found = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    return found[-1] if found else None
