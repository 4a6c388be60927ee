import ArgumentParser
import Daemon
import Foundation

/// What the commands have in common that the running service carries out.
struct ServiceOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var json: JSONOption

    /// Gives a command to the running service and prints what it answers.
    ///
    /// What the command asks before it acts is asked on the terminal, unless all is agreed to. A
    /// program is shown the question, and has to agree beforehand.
    func give(_ words: [String], agreesToAll: Bool = false) async throws {
        let client = ControlClient(socket: try configuration.read().controlSocket)
        let language = ProcessInfo.processInfo.environment["LANG"].map { String($0.prefix(2)) }
        var request = ControlRequest(
            words: words,
            language: language ?? "en",
            agreesToAll: agreesToAll
        )
        var reply = try await answer(to: request, from: client)
        guard !json.isOn else {
            try JSONLines.show(reply)
            guard reply.kind == .done else { throw ExitCode(1) }
            return
        }
        while reply.kind == .question {
            try ask(reply.text)
            request.agreedTo = reply.text
            reply = try await answer(to: request, from: client)
        }
        guard reply.kind == .done else { throw Failure.exit(reply.text, status: 1) }
        Terminal.show(reply.text)
    }

    private func ask(_ question: String) throws {
        guard isatty(STDIN_FILENO) == 1 else {
            let hint = "Nothing was done. With --yes it is done without asking."
            throw Failure.exit("\(question)\n\(hint)", status: 1)
        }
        Terminal.show(question, terminator: " [y/N] ")
        guard ["y", "yes"].contains(readLine()?.lowercased()) else {
            throw Failure.exit("Nothing was done.", status: 1)
        }
    }

    private func answer(
        to request: ControlRequest,
        from client: ControlClient
    ) async throws -> ControlReply {
        let inJSON = json.isOn
        return try await client.answer(to: request) { text in
            guard inJSON else { return Terminal.show(text) }
            try? JSONLines.show(ControlReply(.progress, text))
        }
    }
}

extension ConfigurationOption {
    /// Gives the service an order that only programs give, and reads its answer.
    func order<Answer: Decodable>(
        _ order: OperatorOrder,
        _ words: [String] = []
    ) async throws -> Answer {
        let client = ControlClient(socket: try read().controlSocket)
        let request = ControlRequest(words: [order.rawValue] + words, language: "en")
        let reply = try await client.answer(to: request)
        guard reply.kind == .done else { throw Failure.exit(reply.text, status: 1) }
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(reply.text.utf8))
        } catch {
            throw Failure.exit(
                "The service that runs is of another version. Restart it, then try again.",
                status: 1
            )
        }
    }
}

extension ControlClient {
    /// What the service says; if it can't be asked, the reason ends the program.
    fileprivate func answer(
        to request: ControlRequest,
        progress: @Sendable (String) -> Void = { _ in }
    ) async throws -> ControlReply {
        do {
            return try await run(request, progress: progress)
        } catch {
            throw Failure.exit(error, status: 1)
        }
    }
}
