import Commands
import Localization
import Publishing
import Storage
import XMPP

/// Turns of phrase that several commands share.
extension Texts {
    /// That somebody else has readers of the newsletter, whom we don't know; nothing if nobody does.
    func engineNote(_ newsletter: Newsletter) -> [String] {
        newsletter.engine.map { [self("engine.readers", ["service": $0])] } ?? []
    }

    func readers(_ number: Int) -> String { self("readers", count: number) }

    func errors(_ number: Int) -> String { self("errors", count: number) }

    func warnings(_ number: Int) -> String { self("warnings", count: number) }

    /// How many there are in each language, `6 in de, 7 in fr`.
    func warnings(_ warnings: [LanguageWarnings]) -> String {
        warnings.map { found in
            self("warnings.in", ["count": found.findings.count, "language": found.language])
        }
        .joined(separator: ", ")
    }

    /// How far an issue is, in a word.
    func state(_ state: WorkflowRecord.State) -> String { self("state.\(state)") }

    /// What became of an item in a node, as a line.
    func item(_ item: ItemID, in node: NodeID, _ fact: String) -> String {
        self("item", ["node": node, "item": item, "fact": fact])
    }

    /// What became of the sections that are items of their own, as a line below that of the issue.
    func topics(_ topics: [Publisher.TopicOutcome]) -> String {
        guard !topics.isEmpty else { return "" }
        let parts = topics.map { topic in
            let change: String? =
                switch topic.change {
                case .published: nil
                case .corrected: self("topics.corrected")
                case .withdrawn: self("topics.withdrawn")
                }
            let left =
                topic.emptyStates == 0 ? nil : self("topics.emptyStates", count: topic.emptyStates)
            let facts = [change, readers(topic.readers), left].compactMap { $0 }
            return "\(topic.section) (\(facts.joined(separator: ", ")))"
        }
        return "\n  " + self("topics", ["topics": parts.joined(separator: ", ")])
    }

    func topicReaders(_ number: Int) -> String {
        number == 0 ? "" : self("topics.readers", ["readers": readers(number)])
    }

    /// About how long, `3 days`, `2 hours`, `5 minutes`, `40 seconds`.
    func span(_ seconds: Double) -> String {
        switch seconds {
        case ..<120: self("seconds", count: Int(seconds.rounded()))
        case ..<7200: self("minutes", count: Int((seconds / 60).rounded()))
        case ..<172_800: self("hours", count: Int((seconds / 3600).rounded()))
        default: self("days", count: Int((seconds / 86_400).rounded()))
        }
    }

    /// Where something was said to one person alone.
    func privatePlace(_ place: PrivatePlace) -> String {
        switch place {
        case .privateMessage: self("place.privateMessage")
        }
    }

    /// Where something was said, of the words that are stored for it.
    func place(_ stored: String) -> String {
        switch stored {
        case "in a chat": self("place.chat")
        case "in the shell": self("place.shell")
        case "by a form": self("place.form")
        case "by schedule": self("place.schedule")
        default:
            stored.hasPrefix("in ") ? self("place.room", ["room": stored.dropFirst(3)]) : stored
        }
    }
}
