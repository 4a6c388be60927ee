import Localization
import XMPP

/// The questions that wait for an answer: at most one of each person in each place.
///
/// It has no clock: moments count from an origin of the caller's choice.
struct OpenQuestions: Sendable {
    /// What the answer of somebody leads to.
    enum Settlement: Hashable {
        case agreed(CommandInvocation)
        case declined
        case tooLate
        /// It is somebody else of the room who was asked.
        case notTheirs(asker: String)
        case nothingAsked
    }

    private struct Asker: Hashable {
        let place: Face
        let person: Person
    }

    /// By what somebody is known again; a nick only where the room tells nothing better.
    private enum Person: Hashable {
        case jid(JID)
        case occupant(String)
        case nick(String)

        init(_ invoker: Invoker) {
            if let jid = invoker.jid {
                self = .jid(jid)
            } else if let id = invoker.occupantID {
                self = .occupant(id)
            } else {
                self = .nick(invoker.displayName)
            }
        }
    }

    private struct Entry {
        let invocation: CommandInvocation
        let question: String
        let asked: Duration
    }

    private let limits: AdHocLimits
    private var entries: [Asker: Entry] = [:]

    init(limits: AdHocLimits) {
        self.limits = limits
    }

    /// Keeps a question that was put to the one who gave the command; an older one is forgotten.
    mutating func ask(_ question: String, about invocation: CommandInvocation, at now: Duration) {
        let asker = Asker(place: invocation.face, person: Person(invocation.invoker))
        entries[asker] = Entry(invocation: invocation, question: question, asked: now)
        guard entries.count > limits.sessions,
            let oldest = entries.min(by: { $0.value.asked < $1.value.asked })
        else { return }
        entries[oldest.key] = nil
    }

    /// Takes an answer; the command is to be run with the rights that its giver has now.
    mutating func settle(
        _ answer: YesOrNo,
        by invoker: Invoker,
        on face: Face,
        at now: Duration
    ) -> Settlement {
        let asker = Asker(place: face, person: Person(invoker))
        guard let entry = entries.removeValue(forKey: asker) else {
            return othersQuestion(on: face, at: now).map { .notTheirs(asker: $0) } ?? .nothingAsked
        }
        guard !isOver(entry, at: now) else { return .tooLate }
        guard answer == .yes else { return .declined }
        var invocation = entry.invocation
        invocation.invoker = invoker
        invocation.consent = .to(question: entry.question)
        return .agreed(invocation)
    }

    /// Who else was asked something in the room; in a chat that is nobody's business.
    private func othersQuestion(on face: Face, at now: Duration) -> String? {
        guard case .room = face else { return nil }
        return entries.filter { $0.key.place == face && !isOver($0.value, at: now) }
            .max { $0.value.asked < $1.value.asked }?.value.invocation.invoker.displayName
    }

    private func isOver(_ entry: Entry, at now: Duration) -> Bool {
        now - entry.asked > limits.questionTimeout
    }
}

/// An answer to a question, by word or by number.
enum YesOrNo: String, Hashable, CaseIterable {
    case yes, no

    /// Nil for a line that says anything else.
    ///
    /// The words of all languages count, since many clients say nothing of theirs.
    init?(_ line: String) {
        let word = line.lowercased().filter { !$0.isWhitespace && !$0.isPunctuation }
        guard let answer = Self.answers[word] else { return nil }
        self = answer
    }

    /// The word that is said to people first.
    func word(in texts: Texts) -> String {
        words(in: texts).first ?? rawValue
    }

    private func words(in texts: Texts) -> [String] {
        texts("words.\(rawValue)").split(separator: ",").map { word in
            String(word.drop { $0.isWhitespace })
        }
    }

    private static let answers: [String: YesOrNo] = {
        var answers: [String: YesOrNo] = [:]
        for language in Phrases.all.languages {
            let texts = Phrases.all.texts(in: language)
            for answer in allCases {
                for word in answer.words(in: texts) { answers[word] = answer }
            }
        }
        return answers
    }()
}
