import Localization
import XMPP

/// In which languages commands answer.
public enum CommandTexts {
    /// Whether there are texts in the language (RFC 5646), or in a wider one.
    public static func has(_ language: String) -> Bool {
        Phrases.all.texts(in: language).language == language.lowercased().prefix { $0 != "-" }
    }
}

/// What the registry itself says to people.
struct Phrases {
    /// All it says, in the languages there are.
    static let all = TextCollection([
        "en": PackageResources.texts_en_txt, "de": PackageResources.texts_de_txt,
        "fr": PackageResources.texts_fr_txt, "es": PackageResources.texts_es_txt,
        "it": PackageResources.texts_it_txt,
    ])

    let face: Face
    let language: String
    private let texts: Texts

    init(face: Face, language: String) {
        self.face = face
        self.language = language
        texts = Self.all.texts(in: language)
    }

    /// - Parameters:
    ///   - word: What was written as a command.
    ///   - nearest: What may have been meant.
    ///   - line: What the whole line would be with that.
    /// - Returns: That there is no such command.
    func unknown(_ word: String, nearest: String?, line: String? = nil) -> String {
        let shown = Self.shortened(word)
        guard let nearest else {
            return texts("unknown", ["word": shown, "help": "\(face.prefix)help"])
        }
        let text = texts("unknown.nearest", ["word": shown, "nearest": face.prefix + nearest])
        return ([text] + links([line].compactMap(\.self))).joined(separator: "\n")
    }

    /// What is offered in a chat can be tapped there; in a room people would have to leave it to see
    /// it, and a form or a shell has ways of its own.
    private func links(_ lines: [String]) -> [String] {
        guard case .chat(let contact) = face else { return [] }
        return lines.filter { $0.count <= 100 }
            .map { MessageURI(to: contact, body: $0).description }
    }

    func notHere(_ command: Command) -> String {
        texts("elsewhere", ["command": command.name])
    }

    func notAllowed(_ command: Command, least: Role, invoker: Invoker) -> String {
        texts(
            "forbidden",
            [
                "command": command.name, "people": everybody(from: least),
                "role": texts("role.\(invoker.role.rawValue)"),
            ]
        )
    }

    /// What is wrong, and how the command is written.
    func mistake(_ mistake: ArgumentReader.Mistake, in command: CommandDeclaration) -> String {
        "\(problem(mistake, in: command)) \(texts("usage", ["usage": face.prefix + command.usage]))"
    }

    func problem(_ mistake: ArgumentReader.Mistake, in command: CommandDeclaration) -> String {
        switch mistake {
        case .missing(let parameter):
            texts("missing", ["command": command.name, "parameter": parameter.usage])
        case .surplus(let word):
            texts("surplus", ["command": command.name, "word": Self.shortened(word)])
        case .unreadable(let word, let parameter):
            unreadable(Self.shortened(word), for: parameter)
        case .openQuote(let text):
            texts("openQuote", ["text": Self.shortened(String(text.dropFirst()))])
        }
    }

    /// A question with the ways to answer it.
    func asking(_ question: String, within time: Duration) -> String {
        let minutes = Int((time.components.seconds + 59) / 60)
        let (yes, no) = (YesOrNo.yes.word(in: texts), YesOrNo.no.word(in: texts))
        let answers = ["yes": face.prefix + yes, "no": face.prefix + no]
        let text = "\(question) \(texts("answer", count: minutes, answers))"
        return ([text] + links([yes, no])).joined(separator: "\n")
    }

    var nothingDone: String { texts("declined") }

    var tooLate: String { texts("tooLate") }

    /// What stands beside the box of a form that is ticked to agree.
    var consent: String { texts("consent") }

    var tooManyForms: String { texts("tooManyForms") }

    func othersQuestion(_ asker: String) -> String {
        texts("othersQuestion", ["person": asker])
    }

    /// Everybody of this role or above it, as in "only publishers and operators".
    func everybody(from role: Role) -> String {
        texts("from.\(role.rawValue)")
    }

    private func unreadable(_ word: String, for parameter: Parameter) -> String {
        switch parameter.kind {
        case .language:
            texts("noLanguage", ["word": word])
        case .choice(let values):
            texts("noChoice", ["word": word, "choices": values.joined(separator: ", ")])
        case .issue, .word, .text:
            texts("empty", ["parameter": parameter.name.uppercased()])
        }
    }

    /// Somebody's own words said back must not flood a room.
    private static func shortened(_ word: String) -> String {
        word.count > 40 ? word.prefix(40) + "…" : word
    }
}

// MARK: - Help

extension Phrases {
    func list(_ commands: [Command]) -> String {
        let lines = commands.map {
            "\(face.prefix)\($0.usage) – \($0.summary.text(in: language))"
        }
        let more = texts("help.more", ["help": "\(face.prefix)help"])
        return ([texts("help.head")] + lines + [more]).joined(separator: "\n")
    }

    /// All there is to say of a command, and what it is called in the language beside its names.
    func explanation(of command: Command, _ words: [String] = []) -> String {
        var lines = [
            "\(face.prefix)\(command.usage)", "\(command.summary.text(in: language)).",
        ]
        for parameter in command.parameters {
            let summary = parameter.summary.text(in: language)
            lines.append(
                texts("help.parameter", ["name": parameter.name.uppercased(), "summary": summary])
            )
        }
        let aliases = command.aliases + words.filter { !command.names.contains($0) }
        if !aliases.isEmpty {
            let list = aliases.map { face.prefix + $0 }.joined(separator: ", ")
            lines.append(texts("help.aliases", ["aliases": list]))
        }
        let least = command.leastRole(on: face)
        if least > .reader { lines.append(texts("help.role", ["people": everybody(from: least)])) }
        lines += command.examples.map { texts("help.example", ["line": face.prefix + $0]) }
        return lines.joined(separator: "\n")
    }
}

extension CommandRegistry {
    /// All that a person of that role can ask for there, a line each.
    public func help(for role: Role, on face: Face, language: String) -> String {
        Phrases(face: face, language: language).list(commands(for: role, on: face))
    }
}
