"""A server that is restarted before every single request keeps its contract as if it never had been."""

import pytest

from export_contracts.catalogue import contract, plugins
from export_contracts.check.run import play_all, scenarios_of
from export_contracts.judge import judge
from export_contracts.reference.house import House
from export_contracts.reference.state import StateFile
from export_contracts.reference.world import Clock, MemoryBucket, World
from export_contracts.targets.embedded import EPOCH, EmbeddedTransport, build, embedded
from export_contracts.targets.venue import Venue


class Restarting(EmbeddedTransport):
    """Carries each request to a server that has just read its state file."""

    def __init__(self, slug, path):
        self.slug, self.path = slug, path
        self.bucket = MemoryBucket()
        self.turned = EPOCH
        super().__init__(self.fresh(Clock(start=EPOCH, frozen=True)))

    def fresh(self, clock):
        return build(
            self.slug, World(clock=clock, bucket=self.bucket, base_url=f"http://{self.slug}.reference.invalid")
        )

    def carry(self, request):
        clock = Clock(start=EPOCH, frozen=True)
        house = House({self.slug: lambda: self.fresh(clock)}, file=StateFile(self.path))
        self.reference = house.references[self.slug]
        clock.advance(max(0.0, self.turned - clock.now()))
        self.reference.world.send = self._receive
        answer = house.answer(self.slug, request)
        house.close()
        return answer.response

    def now(self):
        return max(self.turned, self.reference.world.clock.now())

    def advance(self, seconds):
        self.turned = self.now() + seconds
        return super().advance(seconds)


@pytest.mark.parametrize("slug", plugins.slugs())
def test_nothing_is_lost(slug, tmp_path):
    numbers = iter(range(1000))
    venue = Venue(embedded(slug)[0], lambda: Restarting(slug, tmp_path / f"{next(numbers)}.sqlite"))
    one = contract.load(slug)
    played = play_all(one, venue, scenarios_of(slug))
    transcripts = [each.transcript for each in played]
    judgement = judge(one, transcripts, features=venue.target.features)
    assert {verdict.clause.id: verdict.findings for verdict in judgement.verdicts if verdict.findings} == {}
    assert sum(len(transcript.exchanges) for transcript in transcripts) > 2
