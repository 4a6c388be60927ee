import Foundation
import Testing

@testable import Issues

/// What `specs` makes of two small lists.
@Suite struct SpecificationChangesTests {
    @Test("what came, went and changed stands under its state, the others say there is nothing")
    func month() throws {
        let old = try SpecificationCopy(
            xml: list(
                xep(1, "Feuds", "Draft", "1.0"),
                xep(2, "Balconies", "Experimental", "0.1"),
                xep(3, "Poison", "Experimental", "0.4"),
                xep(4, "Masks", "Deferred", "0.2"),
                xep(5, "Letters", "Proposed", "0.3", lastCall: "2026-09-12"),
                proposal("tombs", "Tombs")
            )
        )
        let new = try SpecificationCopy(
            xml: list(
                xep(1, "Feuds", "Deprecated", "1.1"),
                xep(2, "Balconies and Ladders", "Experimental", "0.2", remark: "Add ladders."),
                xep(3, "Poison", "Deferred", "0.4"),
                xep(4, "Masks", "Experimental", "0.3", remark: "* One.\n* Two\n  of two."),
                xep(5, "Letters", "Stable", "1.0", remark: "Stable by vote."),
                xep(6, "Daggers", "Experimental", "0.1.0", remark: "Accepted."),
                proposal("tombs", "Tombs"),
                proposal("nurse", "The Nurse", "Messages by a nurse.")
            )
        )
        let changes = try SpecificationChanges(from: old, to: new)
        #expect(changes.count == 7)
        #expect(
            SpecificationSection(changes, base: "/extensions/").markdown == """
                ## Extensions and specifications

                ### Proposed

                - [The Nurse](/extensions/inbox/nurse.html)
                  - Messages by a nurse.

                ### New

                - Version 0.1.0 of [XEP-0006](/extensions/xep-0006.html) (Daggers)
                  - Accepted. (ws)

                ### Deferred

                - Version 0.4 of [XEP-0003](/extensions/xep-0003.html) (Poison)
                  - See its [revision history](/extensions/xep-0003.html#appendix-revs). (ws)

                ### Updated

                - Version 0.2 of [XEP-0002](/extensions/xep-0002.html) (Balconies and Ladders)
                  - Add ladders. (ws)
                - Version 0.3 of [XEP-0004](/extensions/xep-0004.html) (Masks)
                  - One.
                  - Two of two. (ws)

                ### Last Call

                - No Last Call this month.

                ### Stable

                - Version 1.0 of [XEP-0005](/extensions/xep-0005.html) (Letters)
                  - Stable by vote. (ws)

                ### Deprecated

                - Version 1.1 of [XEP-0001](/extensions/xep-0001.html) (Feuds)
                  - See its [revision history](/extensions/xep-0001.html#appendix-revs). (ws)

                ### Rejected

                - No XEPs rejected this month.

                """
        )
    }

    @Test("a month in which nothing happened fills all eight states")
    func nothing() throws {
        let copy = try SpecificationCopy(xml: list(xep(1, "Feuds", "Draft", "1.0")))
        let text = SpecificationSection(try SpecificationChanges(from: copy, to: copy)).markdown
        #expect(text.components(separatedBy: "### ").count == 9)
        #expect(text.components(separatedBy: "\n- No ").count == 9)
        // The site's own outline knows each of them, and finds nothing to tell.
        let issue = try Sample.issue(text)
        #expect(issue.topics.isEmpty, "\(issue.topics)")
    }

    @Test("a call is one once its end is new, whether the status is or not")
    func lastCalls() throws {
        let old = try SpecificationCopy(
            xml: list(
                xep(1, "Feuds", "Proposed", "1.0", lastCall: "2026-01-06"),
                xep(2, "Balconies", "Experimental", "0.1", lastCall: "2026-02-01"),
                xep(3, "Poison", "Proposed", "0.1", lastCall: "2026-02-01"),
                xep(4, "Masks", "Draft", "1.1", lastCall: "2020-02-01")
            )
        )
        let new = try SpecificationCopy(
            xml: list(
                xep(1, "Feuds", "Proposed", "1.0", lastCall: "2026-10-28"),
                xep(2, "Balconies", "Proposed", "0.2", lastCall: "2026-11-03"),
                xep(3, "Poison", "Proposed", "0.1", lastCall: "2026-02-01"),
                xep(4, "Masks", "Draft", "1.1", lastCall: "2020-02-02")
            )
        )
        let changes = try SpecificationChanges(from: old, to: new)
        #expect(changes.specifications[.lastCall]?.map(\.title) == ["Feuds", "Balconies"])
        #expect(changes.specifications[.updated]?.map(\.title) == ["Balconies"])
        let text = SpecificationSection(changes).markdown
        #expect(
            text.contains(
                """
                - Last Call for comments on [XEP-0001](https://xmpp.org/extensions/xep-0001.html) \
                (Feuds)
                  - This Last Call shall end at the close of business on 2026-10-28.
                """
            )
        )
    }

    @Test("another date or a new word for the same status is no news")
    func dates() throws {
        let old = try SpecificationCopy(
            xml: list(xep(1, "Feuds", "Draft", "1.0", date: "2020-01-01"))
        )
        let new = try SpecificationCopy(
            xml: list(xep(1, "Feuds", "Stable", "1.0", date: "2026-10-10"))
        )
        #expect(try SpecificationChanges(from: old, to: new).count == 0)
    }

    @Test("seldom states are told of only when there is something to tell")
    func rare() throws {
        let old = try SpecificationCopy(
            xml: list(xep(1, "Feuds", "Draft", "1.0"), xep(2, "Masks", "Experimental", "0.1"))
        )
        let new = try SpecificationCopy(
            xml: list(xep(1, "Feuds", "Obsolete", "1.0"), xep(2, "Masks", "Retracted", "0.1"))
        )
        let text = SpecificationSection(try SpecificationChanges(from: old, to: new)).markdown
        #expect(text.contains("### Obsoleted\n\n- Version 1.0 of [XEP-0001]"))
        #expect(text.contains("### Retracted\n\n- Version 0.1 of [XEP-0002]"))
    }

    @Test("copies in the wrong order are told so instead of an empty month")
    func order() throws {
        let small = try SpecificationCopy(xml: list(xep(1, "Feuds", "Draft", "1.0")))
        let large = try SpecificationCopy(
            xml: list(xep(1, "Feuds", "Draft", "1.0"), xep(2, "Masks", "Draft", "1.0"))
        )
        let error = #expect(throws: SpecificationChangesError.self) {
            try SpecificationChanges(from: large, to: small)
        }
        #expect(error?.description.contains("XEP-0002") == true)
    }

    @Test(
        "what somebody wrote in a remark reads the same in the issue",
        arguments: [
            ("Rename <file> to <file-input>", "Rename `<file>` to `<file-input>` (ws)"),
            ("Use max_items, _not_ *all*", "Use max_items, \\_not\\_ \\*all\\* (ws)"),
            ("See [this](http://x.example)", "See \\[this\\](http://x.example) (ws)"),
            ("a < b, 1 <3", "a \\< b, 1 \\<3 (ws)"), ("# Heading", "\\# Heading (ws)"),
            ("1. First", "1\\. First (ws)"), ("{{< figure >}}", "{ {\\< figure >}} (ws)"),
            (
                "Like XEP-0384, not XEP-0002",
                "Like [XEP-0384](https://xmpp.org/extensions/xep-0384.html), not XEP-0002 (ws)"
            ),
        ]
    )
    func prose(remark: String, line: String) throws {
        let old = try SpecificationCopy(xml: list(xep(2, "Masks", "Draft", "1.0")))
        let escaped = remark.replacing("<", with: "&lt;")
        let new = try SpecificationCopy(xml: list(xep(2, "Masks", "Draft", "1.1", remark: escaped)))
        let text = SpecificationSection(try SpecificationChanges(from: old, to: new)).markdown
        #expect(text.contains("  - \(line)\n"), "\(text)")
        let issue = try Sample.issue(text)
        let plain = PlainTextRendering(language: "en").text(of: issue.body)
        let expected =
            remark.replacing("<file>", with: "`<file>`")
            .replacing("<file-input>", with: "`<file-input>`").replacing("{{", with: "{ {")
            .replacing("XEP-0384", with: "XEP-0384 <https://xmpp.org/extensions/xep-0384.html>")
        #expect(plain.contains(expected), "\(plain)")
    }

    private func list(_ entries: String...) -> String {
        "<?xml version='1.0'?>\n<xep-infos>\(entries.joined(separator: "\n"))</xep-infos>"
    }

    private func xep(
        _ number: Int,
        _ title: String,
        _ status: String,
        _ version: String,
        remark: String = "",
        date: String = "2026-01-01",
        lastCall: String? = nil
    ) -> String {
        """
        <xep accepted="true"><number>\(number)</number><title>\(title)</title>
        <abstract>About \(title).</abstract><status>\(status)</status>
        <last-revision><date>\(date)</date><version>\(version)</version><initials>ws</initials>
        <remark>\(remark)</remark></last-revision>
        \(lastCall.map { "<lastcall>\($0)</lastcall>" } ?? "")</xep>
        """
    }

    private func proposal(_ file: String, _ title: String, _ abstract: String = "") -> String {
        """
        <xep accepted="false"><number>xxxx</number><title>\(title)</title>
        <abstract>\(abstract)</abstract><status>ProtoXEP</status>
        <proto-name>\(file)</proto-name></xep>
        """
    }
}
