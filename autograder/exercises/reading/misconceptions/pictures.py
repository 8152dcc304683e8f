"""Pictures misread. Each docstring is the hint."""

from autograder.reference import reading_pictures


class what_the_gates_say:
    def order_turned_round():
        """Your two words at which the update gate opens widest stand the wrong way round: in the order of the sentence."""
        return reading_pictures.what_the_gates_say() | {"widest open": ["barkroll", "brinecake"]}

    def guests_instead_of_dishes():
        """You name the guests; look again at the row of the update gate's averages: it opens wider where a taste is told."""
        return reading_pictures.what_the_gates_say() | {"widest open": ["Milo", "Joss"]}

    def verb_lets_go():
        """The reset gate is low at loves, but it is lower still one word before."""
        return reading_pictures.what_the_gates_say() | {"past let go": "loves"}

    def then_lets_go():
        """At then the reset gate begins to fall; the question is where it is lowest."""
        return reading_pictures.what_the_gates_say() | {"past let go": "then"}

    def flips_at_the_name():
        """The name makes the prediction less sure, but the likeliest answer stays: it changes later."""
        return reading_pictures.what_the_gates_say() | {"flips, told": "Joss", "flips, untold": "Joss"}

    def pictures_mixed_up():
        """Your two answers about where the prediction flips belong to the other picture each."""
        return reading_pictures.what_the_gates_say() | {"flips, told": "down", "flips, untold": "barkroll"}

    def reset_for_update():
        """At dunelet you read the reset gate: the question is about the update gate."""
        return reading_pictures.what_the_gates_say() | {"gate at the decoy": 0.59}

    def decoy_kept_out():
        """At dunelet the update gate is nearly, but not quite shut: read its average off."""
        return reading_pictures.what_the_gates_say() | {"gate at the decoy": 0.0}

    def decoy_read_beside():
        """You read 0.17: that column is not dunelet's. Follow the word below the picture straight up to its number."""
        return reading_pictures.what_the_gates_say() | {"gate at the decoy": 0.17}

    def kept_from_the_second_guest():
        """You read 0.04, what is left of the state after Joss: the question is about the state after brinecake, earlier."""
        return reading_pictures.what_the_gates_say() | {"first kept": 0.04}

    def kept_from_the_word_after():
        """You read 0.66, the bar at someone: the question is about the state after barkroll, one word before."""
        return reading_pictures.what_the_gates_say() | {"last kept": 0.66}

    def most_tempting_of_all():
        """You looked at the whole sentence; the question is about the words after barkroll."""
        return reading_pictures.what_the_gates_say() | {"tempting": "then"}

    def shares_swapped():
        """You have the two shares the other way round: what came later has less to survive."""
        return reading_pictures.what_the_gates_say() | {"first kept": 0.64, "last kept": 0.02}

    def forgotten_instead_of_kept():
        """Your two numbers are what is lost: the question is what is kept."""
        return reading_pictures.what_the_gates_say() | {"first kept": 0.98, "last kept": 0.36}

    def percent():
        """You write percent: a share lies between 0 and 1, like a gate."""
        return reading_pictures.what_the_gates_say() | {"gate at the decoy": 15, "first kept": 2, "last kept": 64}
