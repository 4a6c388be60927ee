import Testing

@testable import Issues

/// Which section a heading opens.
@Suite struct TaxonomyTests {
    private let taxonomy = Taxonomy.xmppNewsletter

    private func section(_ title: String, _ language: String = "en") -> SectionID? {
        taxonomy.section(titled: title, language: language)
    }

    @Test("signs, blanks, numbers, accents and letters that only look right do not hide a section")
    func folding() {
        #expect(section("  XMPP\u{A0}Summit 31 &  FOSDEM 2029 ") == "summit")
        #expect(section("¡Difunde la noticia!", "es") == "spread")
        #expect(section("Aidez-nous à construire la lettre d’information", "fr") == "help")
        #expect(section("SOFTWARE RELEASE\u{455}") == "software")
        #expect(section("Articulos", "es") == "articles")
        #expect(section("XMPP Server:", "de") == "servers")
    }

    @Test("brackets hold a translation or a remark; either side may be the title")
    func brackets() {
        #expect(section("Stable (formerly known as Draft)") == "stable")
        #expect(section("Last Call (letzter Aufruf).", "de") == "last-call")
        #expect(section("Obsolete (Extensions ajournées)", "fr") == "deferred")
        #expect(section("(Proposed)") == "proposed")
        #expect(section("()") == nil)
    }

    @Test("a word means what it means in the issue's language")
    func languages() {
        #expect(section("Obsoleto", "it") == "deprecated")
        #expect(section("Obsoleto", "es") == "obsoleted")
        #expect(section("Events", "de") == "events")
        #expect(section("Veranstaltungen", "fr") == "events")
        #expect(section("Licence", "pt-br") == "license")
    }

    @Test("one wrong letter in a long title is forgiven, two or one in a short word are not")
    func misspelt() {
        #expect(section("XSF Announcments") == "announcements")
        #expect(section("Erweiterumgen und Spezifikationen", "de") == "specifications")
        #expect(section("Depreciated") == "deprecated")
        #expect(section("Announcmnts") == nil)
        #expect(section("Newt") == nil)
    }

    @Test("headings of entries open nothing")
    func entries() {
        for title in [
            "CertWatch", "XMPP at FrOSCon 20", "Message Fastening", "", "2024", "XMPP", "!",
            "Happy Birthday, Jabber!", "News from Verona", "New Prosody",
        ] {
            #expect(section(title) == nil, "\(title)")
        }
    }

    @Test("operators bring sections of their own")
    func own() throws {
        let taxonomy = try Taxonomy(
            yaml: """
                duels:
                  en: Duels | Sword fights
                  it: Duelli
                masks:
                  within: duels
                  kind: boilerplate
                  required: yes
                  en: Masks
                """
        )
        #expect(taxonomy.section(titled: "sword fights!", language: "it") == "duels")
        #expect(taxonomy[SectionID("masks")]?.parent == "duels")
        #expect(taxonomy[SectionID("masks")]?.isRequired == true)
        #expect(taxonomy[SectionID("duels")]?.title(in: "it") == "Duelli")
        #expect(taxonomy[SectionID("duels")]?.title(in: "fr") == "Duels")
        #expect(taxonomy.section(titled: "License", language: "en") == nil)
    }

    @Test(
        "a taxonomy that can't be used says why",
        arguments: [
            ("- a", "must be sections by their ids"),
            ("duels: Duels", "'duels' must have keys"),
            ("duels: {kinds: news, en: Duels}", "Did you mean 'kind'?"),
            ("duels: {kind: sport, en: Duels}", "'sport'; there are 'news', 'spec'"),
            ("duels: {within: masks, en: Duels}", "within 'masks', which is no section"),
            ("duels: {within: duels, en: Duels}", "within itself"),
            ("duels: {kind: news}", "has no title"),
            ("a: {en: Duels}\nb: {en: duels!}", "title of both 'a' and 'b'"),
            ("a: [", "not valid YAML"),
        ]
    )
    func mistakes(_ yaml: String, _ message: String) {
        let error = #expect(throws: TaxonomyError.self) { try Taxonomy(yaml: yaml) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "-")")
    }
}
