import Spelling

/// All commands there are: finds them, checks who may give them, explains them, runs them.
public struct CommandRegistry: Sendable {
    /// In the order in which they were registered, which is that of the help.
    public private(set) var commands: [Command] = []
    private var indices: [String: Int] = [:]
    private let vocabulary: Vocabulary

    /// A registry that knows `help`, to which commands are added.
    ///
    /// With a vocabulary they are understood in people's own words too.
    public init(_ commands: [Command] = [], vocabulary: Vocabulary = Vocabulary()) {
        self.vocabulary = vocabulary
        register(.help)
        for command in commands {
            register(command)
        }
    }

    /// Adds a command; a name or an alias that exists already is a mistake of ours.
    public mutating func register(_ command: Command) {
        for name in command.names {
            precondition(indices[name] == nil, "two commands are called '\(name)'")
            precondition(
                name == name.lowercased() && !name.contains { $0.isWhitespace },
                "'\(name)' can't be written as the name of a command"
            )
            indices[name] = commands.count
        }
        commands.append(command)
    }

    /// The command of that name or alias, whoever may give it.
    public func command(named name: String) -> Command? {
        indices[name.lowercased()].map { commands[$0] }
    }
}

// MARK: - Giving a command

extension CommandRegistry {
    /// What a line that somebody wrote comes to.
    public enum ParseResult: Hashable, Sendable {
        case invocation(CommandInvocation)
        /// It can't be run as it stands; the text says why and what to write.
        case mistake(String)
        /// The command exists and this person may not give it here.
        case refused(String)
        /// There was nothing on the line.
        case empty
    }

    /// Reads a line such as `publish 2024-02 fr`, with or without the `!` in front.
    public func parse(
        _ line: String,
        by invoker: Invoker,
        on face: Face,
        newsletter: String? = nil,
        language: String = "en"
    ) -> ParseResult {
        let translation = vocabulary.translation(of: line, for: language)
        var words = WordReader(translation?.line ?? line)
        // Whoever writes in a language is answered in it, whatever the client says.
        let language = translation?.language ?? language
        let phrases = Phrases(face: face, language: language)
        guard let word = (try? words.next()) ?? words.remainder() else { return .empty }
        guard let command = command(written: word) else {
            let nearest = nearest(to: word, by: invoker, on: face, language)
            let line = [nearest, words.remainder()].compactMap(\.self).joined(separator: " ")
            return .mistake(phrases.unknown(word, nearest: nearest, line: line))
        }
        if let refusal = refusal(of: command, to: invoker, on: face, phrases) {
            return .refused(refusal)
        }
        do {
            let arguments = try ArgumentReader.read(words, for: command.parameters)
            return .invocation(
                CommandInvocation(
                    command: command.name,
                    arguments: arguments,
                    invoker: invoker,
                    face: face,
                    newsletter: newsletter,
                    language: language
                )
            )
        } catch {
            return .mistake(phrases.mistake(error, in: command.declaration))
        }
    }

    /// What has to be agreed to before the command acts; nil if all is said.
    private func openQuestion(
        of command: Command,
        _ invocation: CommandInvocation
    ) async -> String? {
        guard let confirmation = command.confirmation, invocation.consent != .toEverything,
            let question = await confirmation(invocation),
            invocation.consent != .to(question: question)
        else { return nil }
        return question
    }

    /// Runs a command, if this person may give it here and its arguments are as declared.
    ///
    /// Who builds an invocation without a line, as from a form, is held to the same.
    public func perform(
        _ invocation: CommandInvocation,
        responder: any CommandResponder
    ) async -> CommandOutcome {
        let (invoker, face) = (invocation.invoker, invocation.face)
        let phrases = Phrases(face: face, language: invocation.language)
        guard let command = command(named: invocation.command) else {
            let nearest = nearest(
                to: invocation.command,
                by: invoker,
                on: face,
                invocation.language
            )
            return .refused(phrases.unknown(invocation.command, nearest: nearest))
        }
        if let refusal = refusal(of: command, to: invoker, on: face, phrases) {
            return .refused(refusal)
        }
        if let flaw = ArgumentReader.flaw(in: invocation.arguments, for: command.parameters) {
            return .refused(phrases.mistake(flaw, in: command.declaration))
        }
        switch command.work {
        case .run(let run):
            if let question = await openQuestion(of: command, invocation) {
                return .question(question)
            }
            return await run(invocation, responder)
        case .help:
            return help(on: invocation.arguments["command"], for: invoker, face, phrases)
        }
    }

    /// Reads a line and runs what it says.
    public func perform(
        _ line: String,
        by invoker: Invoker,
        on face: Face,
        newsletter: String? = nil,
        language: String = "en",
        consent: CommandConsent = .notGiven,
        responder: any CommandResponder
    ) async -> CommandOutcome? {
        switch parse(line, by: invoker, on: face, newsletter: newsletter, language: language) {
        case .invocation(var invocation):
            invocation.consent = consent
            return await perform(invocation, responder: responder)
        case .mistake(let text), .refused(let text): return .refused(text)
        case .empty: return nil
        }
    }

    /// The command somebody means, whatever its capitals and the punctuation around it.
    private func command(written word: String) -> Command? {
        var name = word[...]
        while let first = name.first, first == "!" || first == "/" { name.removeFirst() }
        if let command = command(named: String(name)) { return command }
        while let last = name.last, last.isPunctuation { name.removeLast() }
        return command(named: String(name))
    }

    private func nearest(
        to word: String,
        by invoker: Invoker,
        on face: Face,
        _ language: String
    ) -> String? {
        let names = commands(for: invoker.role, on: face).flatMap {
            $0.names + vocabulary.words(for: $0.name, in: language)
        }
        return NearestName.to(String(word.drop { $0 == "!" || $0 == "/" }), among: names)
    }
}

// MARK: - Who may

extension CommandRegistry {
    /// The commands that a person of that role may give there, in the order of the help.
    public func commands(for role: Role, on face: Face) -> [Command] {
        commands.filter { $0.isOffered(on: face) && role >= $0.leastRole(on: face) }
    }

    /// Why this person may not give the command here; nil if all is well.
    private func refusal(
        of command: Command,
        to invoker: Invoker,
        on face: Face,
        _ phrases: Phrases
    ) -> String? {
        guard command.isOffered(on: face) else { return phrases.notHere(command) }
        let least = command.leastRole(on: face)
        guard invoker.role >= least else {
            return phrases.notAllowed(command, least: least, invoker: invoker)
        }
        return nil
    }

    /// The answer to `help` and to `help COMMAND`.
    private func help(
        on name: String?,
        for invoker: Invoker,
        _ face: Face,
        _ phrases: Phrases
    ) -> CommandOutcome {
        guard let name else {
            return .done(help(for: invoker.role, on: face, language: phrases.language))
        }
        let meant = vocabulary.translation(of: name, for: phrases.language)?.line ?? name
        guard let command = command(written: String(meant.prefix { $0 != " " })) else {
            let nearest = nearest(to: name, by: invoker, on: face, phrases.language)
            return .refused(phrases.unknown(name, nearest: nearest))
        }
        if let refusal = refusal(of: command, to: invoker, on: face, phrases) {
            return .refused(refusal)
        }
        let words = vocabulary.words(for: command.name, in: phrases.language)
        return .done(phrases.explanation(of: command, words))
    }
}

extension Command {
    /// Rooms and the shell are the newsroom's; chats and ad-hoc commands are open to all.
    func isOffered(on face: Face) -> Bool {
        switch face {
        case .room, .shell: audience.contains(.newsroom)
        case .chat, .adHoc: true
        }
    }

    /// In a chat, what is for the newsroom alone takes at least an editor.
    func leastRole(on face: Face) -> Role {
        switch face {
        case .room, .shell: role
        case .chat, .adHoc: audience.contains(.readers) ? role : max(role, .editor)
        }
    }
}
