import ArgumentParser
import Daemon
import Foundation
import Publishing

struct ImportNode: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-node",
        abstract: "Take an existing PubSub feed over, with the ids of its items.",
        discussion: """
            The running service reads all items, page by page, and stores those that are not here \
            yet; nobody is sent anything. Do it before the first issue is published here.

            With --redirect the node over there is deleted afterwards, with a pointer to ours \
            (XEP-0060 §8.4.1). That can't be undone, and needs our domain to be an owner of it. It is \
            done only if the service says how many items there are, or you do, and all of them came. Not \
            every service passes the pointer on: tell the readers there first.

            Example: broadsheet import-node pubsub.example.org newsletter --to dispatch-en
            """
    )

    @OptionGroup var options: ConfigurationOption

    @Argument(help: "The service; somebody's address for a node of their own.")
    var service: String

    @Argument(help: "Its node.")
    var node: String

    @Option(name: .customLong("to"), help: "Our node; that of the same name if none is given.")
    var target: String?

    @Flag(help: "Delete the node over there afterwards, with a pointer to ours.")
    var redirect = false

    @Option(help: "For --redirect: how many items the feed has, if its service does not say.")
    var items: Int?

    @Flag(help: "Do it without asking.")
    var yes = false

    @OptionGroup var json: JSONOption

    func run() async throws {
        let words = [service, node, target ?? node]
        let outcome: NodeTakeover.Outcome = try await options.order(.takeOver, words)
        print(
            json.isOn
                ? try JSONLines.line(outcome)
                : "\(outcome.taken) items were taken over, \(outcome.known) were here."
        )
        guard redirect else { return }
        let count = outcome.taken + outcome.known
        guard outcome.isWhole || items == count && count > 0 else {
            throw Failure.exit(
                "\(service) did not say that these \(count) items are all, so its node stays as it is. "
                    + "If they are, say so: --items \(count).",
                status: 1
            )
        }
        guard yes || isAgreed(to: outcome) else {
            throw Failure.exit("The node at \(service) stays as it is.", status: 1)
        }
        let move: FeedMove = try await options.order(.redirect, words)
        if json.isOn {
            try JSONLines.show(move)
        } else {
            Terminal.show("\(node) at \(service) is deleted, and points to ours.")
        }
    }

    private func isAgreed(to outcome: NodeTakeover.Outcome) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        Terminal.show(
            "Delete \(node) at \(service), with its \(outcome.taken + outcome.known) items, for good, "
                + "with a pointer to ours? [y/N] ",
            terminator: ""
        )
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}
