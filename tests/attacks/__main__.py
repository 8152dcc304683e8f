"""``python -m tests.attacks [warm|cold] [NAME ...]``: grades the attacks and prints a table of them in Markdown."""

import sys
import tempfile
import time
from pathlib import Path

from tests.attacks import ATTACKS, FAMILIES
from tests.attacks.attack import WANTED
from tests.attacks.course import besiege


def main(mode="warm", *names):
    chosen = [attack for attack in ATTACKS if not names or attack.name in names]
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        start = time.monotonic()
        siege = besiege(Path(folder), mode, chosen)
        seconds = time.monotonic() - start
    failed = 0
    print("| attack | what it tries | wanted | seen |\n|---|---|---|---|")
    for family in FAMILIES:
        print(f"| **{family.__name__.rpartition('.')[2]}** | {family.__doc__.splitlines()[0]} | | |")
        for attack in family.ATTACKS:
            if attack in chosen:
                seen = siege.seen[attack.name]
                good = (
                    seen.outcome == attack.wants
                    and not seen.learned
                    and not seen.got
                    and attack.says in (seen.refused or seen.why)
                )
                failed += not good
                print(f"| {attack.name} | {attack.tries} | {attack.wants} | {shown(seen)}{'' if good else ' **!**'} |")
    print("\nWanted and seen:", "; ".join(f"*{key}*: {meaning}" for key, meaning in WANTED.items()) + ".")
    spared = sum(all(part["points"] == part["maximum"] for part in one.values()) for one in siege.neighbours)
    left = {kind: found for kind, found in siege.left.items() if found}
    print(
        f"\n{len(chosen)} attacks, {mode}: {failed} not as wanted; {spared} of {len(siege.neighbours)} neighbours unharmed;"
    )
    print(
        f"left behind: {left or 'nothing'}; reached by network: {list(siege.met) or 'nobody'}; {seconds:.0f} seconds."
    )
    return bool(failed or left or siege.met or spared < len(siege.neighbours))


def shown(seen):
    words = [seen.outcome, *(f"LEARNED {what}" for what in seen.learned), *(f"GOT {what}" for what in seen.got)]
    reason = (seen.refused or seen.why).replace("|", "/").replace("\n", " ")
    return ": ".join(
        [", ".join(words), reason] if reason and seen.outcome in ("refused", "nothing") else [", ".join(words)]
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
