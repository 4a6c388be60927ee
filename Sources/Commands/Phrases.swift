/// What the registry itself says to people.
struct Phrases {
    let face: Face
    let language: String

    func unknown(_ word: String, nearest: String?) -> String {
        let shown = Self.shortened(word)
        let help = "\(face.prefix)help"
        guard let nearest else {
            return "I don't know “\(shown)”. “\(help)” says what I can do."
        }
        return "I don't know “\(shown)”. Did you mean “\(face.prefix)\(nearest)”?"
    }

    func notHere(_ command: Command) -> String {
        "“\(command.name)” works in a direct chat with me, not here."
    }

    func notAllowed(_ command: Command, least: Role, invoker: Invoker) -> String {
        "Sorry, only \(least.andAbove) may use “\(command.name)”; "
            + "here you are \(invoker.role.withArticle)."
    }

    func mistake(_ mistake: ArgumentReader.Mistake, in command: Command) -> String {
        let problem =
            switch mistake {
            case .missing(let parameter):
                "“\(command.name)” needs \(parameter.usage)."
            case .surplus(let word):
                "“\(Self.shortened(word))” is too much for “\(command.name)”."
            case .unreadable(let word, let parameter):
                unreadable(Self.shortened(word), for: parameter)
            case .openQuote(let text):
                "The quote before “\(Self.shortened(String(text.dropFirst())))” is never closed."
            }
        return "\(problem) Usage: \(face.prefix)\(command.usage)"
    }

    /// A question with the ways to answer it.
    func asking(_ question: String, within time: Duration) -> String {
        let (yes, no) = ("\(face.prefix)yes", "\(face.prefix)no")
        let minutes = (time.components.seconds + 59) / 60
        let period = minutes == 1 ? "a minute" : "\(minutes) minutes"
        return "\(question) Answer “\(yes)” or “\(no)” within \(period)."
    }

    var nothingDone: String { "All right, nothing was done." }

    var tooLate: String {
        "That answer came too late, and nothing was done. Give the command again."
    }

    func othersQuestion(_ asker: String) -> String {
        "That is for \(asker) to answer, who gave the command."
    }

    private func unreadable(_ word: String, for parameter: Parameter) -> String {
        switch parameter.kind {
        case .language:
            "“\(word)” is not a language tag such as “en” or “pt-BR”."
        case .choice(let values):
            "“\(word)” is none of: \(values.joined(separator: ", "))."
        case .issue, .word, .text:
            "\(parameter.name.uppercased()) is empty."
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
        let more = "“\(face.prefix)help COMMAND” explains one of them."
        return (["What you can ask me here:"] + lines + [more]).joined(separator: "\n")
    }

    func explanation(of command: Command) -> String {
        var lines = [
            "\(face.prefix)\(command.usage)", "\(command.summary.text(in: language)).",
        ]
        for parameter in command.parameters {
            lines.append(
                "\(parameter.name.uppercased()): \(parameter.summary.text(in: language))"
            )
        }
        if !command.aliases.isEmpty {
            lines.append(
                "Also: \(command.aliases.map { face.prefix + $0 }.joined(separator: ", "))"
            )
        }
        let least = command.leastRole(on: face)
        if least > .reader { lines.append("For \(least.andAbove).") }
        lines += command.examples.map { "Example: \(face.prefix)\($0)" }
        return lines.joined(separator: "\n")
    }
}

extension CommandRegistry {
    /// All that a person of that role can ask for there, a line each.
    public func help(for role: Role, on face: Face, language: String) -> String {
        Phrases(face: face, language: language).list(commands(for: role, on: face))
    }
}
