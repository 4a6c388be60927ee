import Testing

@testable import Issues

/// Sections as items of their own.
@Suite struct TopicTests {
    private let text = """
        Welcome!

        ## Software News

        The month in software. See [below](#license).

        ### Servers

        #### Capulet

        - Capulet 2.0

        ### Clients

        - Montague 1.1

        ## Extensions and specifications

        ### New

        Specifications start [here](/rules).

        - No new XEPs this month

        ### Updated

        - Version 1.1 of [XEP-0500](https://xmpp.org/extensions/xep-0500.html)

        ### Deferred

        Niente.

        ## License

        CC BY-SA
        """

    @Test("news become topics, in the issue's order; what stands in every issue does not")
    func topics() throws {
        let issue = try Sample.issue(text)
        #expect(issue.topics.map(\.section) == ["software", "specifications"])
        #expect(issue.topic("license") == nil)
        #expect(issue.topic("events") == nil)
        #expect(issue.topic("servers") == nil)
    }

    @Test("a topic reads like an issue: title, its sections, the way to its place on the page")
    func rendering() throws {
        let topic = try #require(try Sample.issue(text).topic("software"))
        #expect(
            topic.issue.chatText(.full) == """
                Software News – The Verona Dispatch

                The month in software. See below.

                *Servers*

                _Capulet_

                - Capulet 2.0

                *Clients*

                - Montague 1.1

                Read online: https://dispatch.verona.example/2026/03/the-verona-dispatch/#software-news
                """
        )
        #expect(topic.issue.contents == ["Servers", "Clients"])
        #expect(topic.issue.outline.entryHeadings == [2])
        #expect(topic.issue.id == "2026-03-05-dispatch")
        let xml = Sample.entry(of: topic.issue).element.xml()
        #expect(xml.contains("/the-verona-dispatch/#license'"))
        #expect(!xml.contains("#software-news#"))
    }

    @Test("states of specifications that nothing came into are left out and counted")
    func emptyStates() throws {
        let topic = try #require(try Sample.issue(text).topic("specifications"))
        #expect(topic.emptyStates == 2)
        #expect(topic.issue.contents == ["Updated"])
        #expect(
            try Sample.issue("## New\n\n- No XEPs\n\n## News\n\nA").topic("specifications") == nil
        )
    }
}
