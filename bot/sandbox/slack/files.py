"""Files of the workspace: uploads, their wire shapes, and who may fetch them."""

import mimetypes
from dataclasses import dataclass, field
from urllib.parse import quote

from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import TEAM_ID, World


@dataclass(kw_only=True)
class File:
    """One file; it is nowhere until it has been shared into a channel.

    `announced`: how many bytes were said to come, None where nobody said. `moved_to`: whoever fetches it is sent on to this address. `external`: it is kept elsewhere, at this address.
    """

    id: str
    name: str
    title: str
    user: str
    content: bytes = b""
    created: int = 0
    complete: bool = True
    announced: int | None = None
    moved_to: str = ""
    external: str = ""
    channels: list[str] = field(default_factory=list[str])


@dataclass(kw_only=True)
class Files:
    """All files by id; `base_url` is where they are fetched."""

    world: World
    base_url: str
    stored: dict[str, File] = field(default_factory=dict[str, File])

    def keep(self, name: str, content: bytes, *, user: str, complete: bool = True) -> File:
        """Store a file, or room for one that is still to be sent."""
        found = File(
            id=self.world.serials.make("F"),
            name=name,
            title=name,
            user=user,
            content=content,
            created=self.world.seconds(),
            complete=complete,
        )
        self.stored[found.id] = found
        return found

    def take(self, found: File, content: bytes) -> bool:
        """The bytes of a file that was announced; False, and nothing is kept, where they are not as many as was said."""
        if len(content) != found.announced:
            return False
        found.content = content
        return True

    def erase(self, file_id: str) -> None:
        """Somebody deletes a file: messages keep an empty place for it."""
        found = self.stored.pop(file_id)
        for channel_id in found.channels:
            for message in self.world.channels[channel_id].messages.values():
                message.files = [_tombstone(one, file_id) for one in message.files]

    def readable_by_bot(self, found: File) -> bool:
        """Whether the bot uploaded it or sits in a channel where it was shared."""
        bot = self.world.bot_user_id
        return found.user == bot or any(bot in self.world.channels[c].members for c in found.channels)

    def shape(self, found: File) -> Json:
        """The file object of `files.info` and of messages."""
        mimetype = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        extension = found.name.rpartition(".")[2] or "binary"
        private = f"{self.base_url}/files-pri/{TEAM_ID}-{found.id}"
        return {
            "id": found.id,
            "created": found.created,
            "timestamp": found.created,
            "name": found.name,
            "title": found.title,
            "mimetype": mimetype,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": found.user,
            "editable": False,
            "size": len(found.content),
            "mode": "external" if found.external else "hosted",
            "is_external": bool(found.external),
            "external_type": "gdrive" if found.external else "",
            "is_public": any(not self.world.channels[c].is_private for c in found.channels),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": found.external or f"{private}/{quote(found.name)}",
            **({} if found.external else {"url_private_download": f"{private}/download/{quote(found.name)}"}),
            "permalink": f"https://{self.world.domain}.slack.com/files/{found.user}/{found.id}/{found.name}",
            "permalink_public": f"https://slack-files.com/{TEAM_ID}-{found.id}-0123456789",
            "has_rich_preview": False,
        }

    def detailed_shape(self, found: File) -> Json:
        """The file with the places where it was shared."""
        channels = [self.world.channels[c] for c in found.channels]
        return self.shape(found) | {
            "channels": [c.id for c in channels if c.kind == "channel"],
            "groups": [c.id for c in channels if c.kind == "group"],
            "ims": [c.id for c in channels if c.is_direct],
            "comments_count": 0,
        }


def _tombstone(shown: Json, file_id: str) -> Json:
    return {"id": file_id, "mode": "tombstone"} if shown.get("id") == file_id else shown
