"""Teams: who belongs to them, who asks as what, which rules they keep; the teams file and people's profiles.

Requests, check-ins and turns are not here: they are features that read a team.
"""
