"""What the product is protected by, and how each protection is taken out of it: a few words of its source.

One row a protection: what it keeps from happening, the file, the words and what stands there instead, and the tests
of which at least one has to notice. `mutations` carries it out on a copy of the tree.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Protection:
    """One protection. `before` stands in the file exactly once; `tests` are files or single tests."""

    name: str
    path: str
    before: str
    after: str
    tests: tuple[str, ...]

    def taken_out_of(self, source: str) -> str:
        """The file without it. Raises ValueError where the words do not stand there exactly once."""
        count = source.count(self.before)
        if count != 1:
            raise ValueError(f"{self.name}: its words stand {count} times in {self.path}")
        return source.replace(self.before, self.after)


def _of(path: str, *rows: tuple[str, str, str, str | tuple[str, ...]]) -> tuple[Protection, ...]:
    return tuple(
        Protection(
            name=name, path=path, before=before, after=after,
            tests=(tests,) if isinstance(tests, str) else tests,
        )
        for name, before, after, tests in rows
    )  # fmt: skip


RELAY = "tests/outbox/test_relay.py"
RETRY = "tests/outbox/test_retry.py"
FENCES = "tests/outbox/test_fences.py"
CLAIM = "tests/outbox/test_claim.py"
WISHES = "tests/outbox/test_unit_of_work.py"
GATEWAY = "tests/slack/test_gateway.py"
APP = "tests/slack/test_app.py"
BAD_HTTP = "tests/e2e/test_bad_http.py"
BAD_EVENTS = "tests/e2e/test_bad_events.py"
BAD_INPUT = "tests/e2e/test_bad_input.py"
REPLAYS = "tests/e2e/test_replays.py"
ANSWERS = (
    "tests/faults/test_answers.py::test_every_kind_of_input_is_answered_as_stated_and_works_again_afterwards"
)
DOWN = "tests/e2e/test_database_down.py::test_it_starts_without_a_database_and_works_when_there_is_one"
INTAKE = "tests/features/requests/test_intake.py"
QUEUE = "tests/features/requests/test_queue.py"
TICKETS = "tests/features/tickets/test_service.py"
ONCE = "tests/features/tickets/test_once.py"
JIRA = "tests/jira/test_jira_failures.py"
WEBHOOKS = "tests/features/in_step/test_webhook.py"
DATABASE = "tests/db/test_database.py"
LOCKED = "tests/e2e/test_database_locked.py"
OPENING = "tests/features/standup/test_opening.py"
OUTAGE = "tests/scheduling/test_outage.py"
LOOPS = "tests/scheduling/test_loops.py"
RUNNING = "tests/running/test_running.py"

SENDING = (
    *_of(
        "bot/outbox/relay.py",
        ("look before a second send",
         "if entry.sent_at is not None and delivery.look_up is not None:", "if False:", RELAY),
        ("a second look, for what shows late",
         "if entry.looks + 1 < len(delivery.look_after):", "if False:", RELAY),
        ("a look may wait its turn", "max(delivery.timeout, LOOKING)", "delivery.timeout", RELAY),
        ("written down before it leaves",
         "await self._mark(entry)\n        if self._stop", "pass\n        if self._stop", (RELAY, FENCES)),
        ("who lost the lease does not send",
         "lease=self._lease):\n            raise LeaseLost", "lease=self._lease):\n            return", FENCES),
        ("who slept too long does not send",
         "if self._stopwatch() - claimed_at > self._lease.total_seconds() / 2:", "if False:", FENCES),
        ("who lost the lease settles nothing",
         "result=\"done\", ref=ref, error=None):\n            raise LeaseLost",
         "result=\"done\", ref=ref, error=None):\n            pass", FENCES),
        ("a fault of ours is a doubt",
         "Doubt(f\"it broke (", "Later(f\"it broke (", RELAY),
        ("a send that hangs is a doubt",
         "raise Doubt(\"no answer in time\")", "raise Later(\"no answer in time\")", RELAY),
        ("the relay outlives a round that breaks",
         "            except DatabaseUnavailable:\n                await _sleep(pause, stop)\n"
         "                pause = min(pause * 2, 5.0)\n                continue\n            except Exception:",
         "            except ZeroDivisionError:", RELAY),
        ("a side that hangs takes not every place",
         "room = min((limit + 1) // 2, HANGING - len(self._hanging))", "room = limit", RELAY),
    ),
    *_of(
        "bot/outbox/store.py",
        ("the fence of the owner", "        outbox.c.owner == entry.owner,\n", "", FENCES),
        ("the fence of the attempt", "        outbox.c.attempts == entry.attempts,\n", "", FENCES),
        ("the fence of what is closed",
         "        outbox.c.attempts == entry.attempts,\n        outbox.c.closed_at.is_(None),\n",
         "        outbox.c.attempts == entry.attempts,\n", FENCES),
        ("a lease keeps others out",
         "or_(outbox.c.lease_until.is_(None), outbox.c.lease_until < now)", "or_(True)", CLAIM),
        ("a lease runs out",
         "or_(outbox.c.lease_until.is_(None), outbox.c.lease_until < now)",
         "outbox.c.lease_until.is_(None)", CLAIM),
        ("claims lock what they take", "        .with_for_update(skip_locked=True)\n", "", CLAIM),
        ("lanes are in order", "            ~blocked.exists(),\n", "", CLAIM),
    ),
    *_of(
        "bot/outbox/retry.py",
        ("what is doubtful stays marked as sent",
         "looks=entry.looks, unsent=not sent_before)", "looks=entry.looks, unsent=True)", RETRY),
        ("what can never work is closed", "return Close(result=\"refused\" if is_theirs or is_mended else \"dead\")",
         "return Again(after=1.0, failures=0, looks=0, unsent=True)", RETRY),
        ("there is a last attempt", "    failures = entry.failures + 1\n    if failures >= MOST_FAILURES:",
         "    failures = entry.failures + 1\n    if False:", RETRY),
    ),
    *_of(
        "bot/outbox/unit_of_work.py",
        ("a named wish is kept once",
         "            \"dedup\": once or f\"{merge or kind}:{secrets.token_hex(8)}\",",
         "            \"dedup\": f\"{once or merge or kind}:{secrets.token_hex(8)}\",", WISHES),
        ("an input counts once", "return done.first() is not None", "return done.first() is not None or True",
         WISHES),
        ("a twin that came second is answered from what the first left",
         "if not (isinstance(error, IntegrityError) or \"deadlock\" in str(error).lower()):\n                raise",
         "raise", (WISHES, OPENING, "tests/features/tickets/test_service.py",
                   "tests/features/requests/test_intake.py")),
    ),
)  # fmt: skip

SLACK = (
    *_of(
        "bot/slack/gateway.py",
        ("what overslept its turn does not leave", "if stopwatch() - turn > self._overslept:", "if False:", GATEWAY),
        ("Slack's SDK repeats no call", "                retry_handlers=[],\n", "", GATEWAY),
        ("an error of Slack's servers is a doubt",
         "raise Doubt(f\"no clear answer from Slack ({type(error).__name__})\")",
         "raise Later(f\"no clear answer from Slack ({type(error).__name__})\")", GATEWAY),
        ("a 500 is a doubt", "return Doubt(f\"Slack answered {status}\")",
         "return Later(f\"Slack answered {status}\")", GATEWAY),
        ("a pause that Slack asks for is kept",
         "self._pace.told_off(method, channel, after, stopwatch())", "pass", GATEWAY),
    ),
    *_of(
        "bot/slack/posting.py",
        ("a message carries its name",
         "{\"event_type\": EVENT_TYPE, \"event_payload\": {\"id\": entry.dedup}}",
         "{\"event_type\": EVENT_TYPE, \"event_payload\": {}}", "tests/slack/test_posting.py"),
        ("an unanswered look-up sends nothing",
         "raise Later(error.reason, after=2.0) from error", "return None", "tests/slack/test_posting.py"),
        ("a look-up reads every page", "if not cursor:", "if True:", "tests/slack/test_posting.py"),
        ("an answer without a message is a doubt", "if not answer.get(\"ts\"):", "if False:",
         "tests/slack/test_posting.py"),
    ),
    *_of(
        "bot/slack/app.py",
        ("stored before it is acknowledged", "process_before_response=True", "process_before_response=False",
         APP),
        ("two seconds for an answer", "asyncio.wait({task}, timeout=seconds)", "asyncio.wait({task})", APP),
        ("what was said not to be recorded is stopped", "        task.cancel()\n", "", APP),
        ("an event that cannot be stored is refused", "            log.warning(\"slack.event_refused\", why=type(error).__name__)\n"
         "            return BoltResponse(status=503",
         "            log.warning(\"slack.event_refused\", why=type(error).__name__)\n"
         "            return BoltResponse(status=200", APP),
        ("an event that met a fault of ours comes again",
         "not lost should this be a passing fault.\n        return BoltResponse(status=503",
         "not lost should this be a passing fault.\n        return BoltResponse(status=200", APP),
        ("bots are not listened to", "if self._from_a_bot(call):", "if False:", APP),
        ("events of other workspaces are ignored",
         "if ours and ours not in _workspaces(body):", "if False:", APP),
    ),
    *_of(
        "bot/slack/gate.py",
        ("the signature is checked",
         "if not hmac.compare_digest(f\"v0={digest}\".encode(), given):", "if False:", BAD_HTTP),
        ("old calls are not taken", "if abs(self._clock.now().timestamp() - int(stamp)) > OLDEST:", "if False:",
         BAD_HTTP),
        ("a stamp is a number", "stamp.isascii() and stamp.isdigit() and len(stamp) <= 12", "True", BAD_HTTP),
        ("without a secret nobody is believed", "secret.encode() if secret else None", "(secret or \"\").encode()",
         "tests/slack/test_gate.py"),
        ("a body has a largest size",
         "LARGEST = 1024 * 1024", "LARGEST = 64 * 1024 * 1024", BAD_HTTP),
        ("slow bodies are dropped", "asyncio.wait_for(request.read(), SLOWEST)",
         "asyncio.wait_for(request.read(), None)", BAD_HTTP),
    ),
    *_of(
        "bot/slack/mrkdwn.py",
        ("people's words are escaped",
         "return text.replace(\"&\", \"&amp;\").replace(\"<\", \"&lt;\").replace(\">\", \"&gt;\")", "return text",
         "tests/slack/test_mrkdwn.py"),
    ),
    *_of(
        "bot/slack/answers.py",
        ("answers go to Slack only", "return urlsplit(url).hostname in self._hosts", "return True", BAD_INPUT),
        ("answers follow no redirect", "json=body, allow_redirects=False", "json=body", BAD_INPUT),
    ),
    *_of(
        "bot/slack/socket.py",
        ("what is not stored is not acknowledged on the socket", "if response.status != 200:", "if False:",
         "tests/running/test_socket.py"),
        ("a dead connection is left", "            why = current.why_dead(self._patience)",
         "            why = None", "tests/running/test_socket.py"),
    ),
)  # fmt: skip

INPUTS = (
    *_of(
        "bot/features/requests/service/intake.py",
        ("a command or form that comes again finds its request", "if by_key is not None:", "if False:", INTAKE),
        ("a message is filed once", "if new.origin.ts is not None and twin.origin_ts == new.origin.ts:",
         "if False:", INTAKE),
        ("the same line within a minute is one request",
         "if again and twin.filed_by == new.filed_by:", "if False:", INTAKE),
        ("a limit a minute", "elif count.get(filed_by, 0) >= limit:", "elif False:", INTAKE),
    ),
    *_of(
        "bot/features/requests/listeners/commands.py",
        ("a command is known by its trigger",
         "f\"cmd:{call.trigger_id}\" if call.trigger_id else None", "None",
         REPLAYS),
    ),
    *_of(
        "bot/features/requests/listeners/doors.py",
        ("a form is known by its view", "place=new.origin.channel, key=f\"view:{call.view.id}\"",
         "place=new.origin.channel, key=None", REPLAYS),
    ),
    *_of(
        "bot/features/requests/service/queue.py",
        ("a click counts once", "    if uow.first_time(key):\n        move(uow, *arguments)",
         "    if uow.first_time(key) or True:\n        move(uow, *arguments)", QUEUE),
    ),
    *_of(
        "bot/features/requests/service/pick_up.py",
        ("an emoji counts once",
         "    if event and not uow.first_time(event):\n        return\n    payload = {\"channel\": channel, \"ts\": ts, \"user\"",
         "    payload = {\"channel\": channel, \"ts\": ts, \"user\"", REPLAYS),
    ),
    *_of(
        "bot/features/requests/store/rows.py",
        ("of two claims one waits for the other", "        query = query.with_for_update()\n", "        pass\n",
         QUEUE),
    ),
    *_of(
        "bot/features/standup/models.py",
        ("a check-in opens once for each person", "    UniqueConstraint(\"round_id\", \"user_id\"),\n", "",
         OPENING),
        ("a check-in has one round a day", "    UniqueConstraint(\"team_id\", \"series\", \"day\"),\n", "", OPENING),
    ),
    *_of(
        "bot/features/tickets/models.py",
        ("a thread has one issue", "    UniqueConstraint(\"subject\"),\n", "", TICKETS),
    ),
    *_of(
        "bot/features/tickets/service.py",
        ("a form for Jira counts once",
         "repeated = bool(asked.sending) and not uow.first_time(key)", "repeated = False", TICKETS),
    ),
    *_of(
        "bot/features/tickets/deliveries/create.py",
        ("an issue is looked for by its label before a second create",
         "            look_up=self._look_up,\n", "            look_up=None,\n", ONCE),
        ("a new try looks for what the old one left",
         "await self._find(ticket) if ticket.attempt > 1 else []", "[]", ONCE),
    ),
    *_of(
        "bot/jira/client.py",
        ("the Jira library repeats no call", "            max_retries=0,\n            timeout",
         "            max_retries=3,\n            timeout", JIRA),
        ("Jira's redirects are not followed", "if 300 <= response.status_code < 400:", "if False:", JIRA),
    ),
    *_of(
        "bot/jira/webhooks.py",
        ("Jira's signature is checked",
         "hmac.compare_digest(f\"sha256={digest}\".encode(), given) and bool(secret)", "bool(secret)",
         WEBHOOKS),
    ),
    *_of(
        "bot/features/in_step/webhook.py",
        ("Jira's event counts once under its name",
         "if told.identifier and not uow.first_time(f\"jira:{told.identifier}\"):", "if False:", WEBHOOKS),
        ("Jira calls again when nothing was stored",
         "200 if await self._stored(told) else 503", "200 if await self._stored(told) else 200", WEBHOOKS),
    ),
)  # fmt: skip

STORAGE = (
    *_of(
        "bot/db/sqlite.py",
        ("SQLite's writers begin as writers",
         "\"BEGIN IMMEDIATE\" if writes else \"BEGIN\"", "\"BEGIN\"", DATABASE),
        ("a commit is on the disk", "        \"synchronous=FULL\",\n", "        \"synchronous=NORMAL\",\n", DATABASE),
        ("who gave up writes nothing",
         "            if gave_up.is_set():", "            if False:", (DATABASE, LOCKED)),
        ("who waits to write does not wait for ever", "asyncio.timeout(self._longest_wait)",
         "asyncio.timeout(None)", DATABASE),
    ),
    *_of(
        "bot/db/sole.py",
        ("one bot for each SQLite file", "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass", DATABASE),
    ),
    *_of(
        "bot/db/errors.py",
        ("a full disk is told as a database that is away",
         "    \"database or disk is full\",\n    \"disk i/o error\",\n", "", f"{ANSWERS}[sqlite-full]"),
    ),
    *_of(
        "bot/db/postgres.py",
        ("a bot that stands still gives its locks back",
         "\"idle_in_transaction_session_timeout\": \"6000\"", "\"idle_in_transaction_session_timeout\": \"0\"",
         "tests/db/test_standing_still.py"),
    ),
    *_of(
        "bot/db/engine.py",
        ("nobody writes before the tables are ready", "        if self._held:", "        if False:", DATABASE),
        ("a broken connection is noticed before it is used",
         "            pool_pre_ping=True,\n", "            pool_pre_ping=False,\n",
         "tests/db/test_reconnecting.py"),
    ),
    *_of(
        "bot/migrate.py",
        ("one migrates at a time",
         "        connection.execute(text(\"SELECT pg_advisory_xact_lock(:lock)\"), {\"lock\": LOCK})\n", "",
         "tests/migrations/test_migrations.py"),
    ),
    *_of(
        "bot/running.py",
        ("it starts without a database", "            self.address = await self._listen()",
         "            await self._opening.open_storage(self._stop)\n            self.address = await self._listen()",
         f"{RUNNING}::test_without_a_database_it_listens_and_names_what_is_missing"),
    ),
    *_of(
        "bot/opening.py",
        ("it waits for a database that is away",
         "                log.warning(\"database.waiting\", why=str(error))\n",
         "                log.warning(\"database.waiting\", why=str(error))\n                return\n", DOWN),
    ),
    *_of(
        "bot/scheduling/loop.py",
        ("what breaks is begun again", "        except Exception:", "        except ZeroDivisionError:", LOOPS),
    ),
    *_of(
        "bot/scheduling/tick.py",
        ("a job that breaks stops no other", "        except Exception:", "        except ZeroDivisionError:",
         "tests/scheduling/test_tick.py"),
        ("a job that hangs is given up", "asyncio.wait_for(job.run(now), self._longest_job)",
         "asyncio.wait_for(job.run(now), None)", "tests/scheduling/test_tick.py"),
    ),
    *_of(
        "bot/alarms/outage.py",
        ("an outage is told once", "return now - outage.told_at >= patience.again_every", "return True", OUTAGE),
        ("a short outage is not told", "return now - down_since >= patience.alert_after", "return True", OUTAGE),
        ("an answer has to hold", "if now - up_since < patience.steady_after:", "if False:", OUTAGE),
    ),
)  # fmt: skip

PROTECTIONS: tuple[Protection, ...] = (*SENDING, *SLACK, *INPUTS, *STORAGE)
