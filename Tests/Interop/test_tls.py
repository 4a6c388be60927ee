"""The stream over TLS, to ejabberd's own TLS listener for components."""

from world import COMPONENT, NODE, RECONNECT, Ejabberd, InteropCase


class TLS(InteropCase):
    only_with = (Ejabberd,)
    server_options = {"has_tls": True}

    def configure(self, *settings: str, port: int | None = None) -> None:
        """Connects with these settings of `component`, to the port that speaks TLS."""
        lines = "".join(f"  {each}\n" for each in settings)
        place = "  secret_file: secret\n"
        self.broadsheet.write_configuration(
            port or self.server.component_tls_port, change=(place, place + lines)
        )

    @property
    def authority(self) -> str:
        return f"tls_ca_file: {self.server.certificates.authority}"

    @property
    def fingerprint(self) -> str:
        return self.server.certificates.fingerprint

    async def is_told(self, *words: str) -> None:
        """Starts it, and waits until its log has the words; it must not get online meanwhile."""
        self.broadsheet.start()

        async def is_so() -> bool:
            said = self.broadsheet.process.log_text()
            self.assertNotIn("Online", said)
            return all(word in said for word in words)

        await self.until(is_so, f"the log to say {words}", RECONNECT)

    async def test_issues_reach_readers_over_tls(self) -> None:
        self.configure("tls: direct", self.authority)
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        for issue in ("2026-03", "2026-04", "2026-05"):
            await self.publish(benvolio, issue)
            await juliet.event(NODE, issue)

    async def test_after_a_restart_it_is_back_over_tls(self) -> None:
        self.configure("tls: direct", self.authority, "tls_name: news.localhost")
        benvolio, juliet = await self.open("juliet")
        await juliet.subscribe(COMPONENT, NODE)
        for person in (benvolio, juliet):
            await person.logout()
        self.server.restart()
        (benvolio, _) = await self.in_room("benvolio", "juliet")
        await self.answers_in_room(benvolio)
        await self.publish(benvolio, "2026-04")
        await juliet.event(NODE, "2026-04")

    async def test_a_pinned_certificate_needs_no_authority(self) -> None:
        self.configure("tls: direct", f'tls_fingerprint: "{self.fingerprint}"')
        await self.open()

    async def test_another_certificate_than_the_pinned_is_refused(self) -> None:
        self.configure("tls: direct", f'tls_fingerprint: "{":".join(["4F"] * 32)}"')
        await self.is_told("fingerprint", self.fingerprint, "component.tls_fingerprint")

    async def test_an_unknown_authority_is_refused_by_name(self) -> None:
        self.configure("tls: direct")
        await self.is_told("Broadsheet test authority", "component.tls_ca_file")

    async def test_a_wrong_name_is_refused(self) -> None:
        self.configure("tls: direct", self.authority, "tls_name: xmpp.verona.example")
        await self.is_told("xmpp.verona.example", "'localhost'", "component.tls_name")

    async def test_tls_to_a_plain_port_says_so(self) -> None:
        self.configure("tls: direct", self.authority, port=self.server.component_port)
        await self.is_told("component.tls: off")

    async def test_plain_to_a_tls_port_says_so(self) -> None:
        self.configure("tls: off")
        await self.is_told("component.tls: direct")
