import Commands
import XML
import XMPP

/// Lines and forms: who may not give a command never gets it run, no more forms are open than may
/// be, and what is answered can be written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCommands(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    for role in Role.allCases {
        let invoker = Invoker(role: role, jid: Sample.romeo, displayName: "Romeo")
        if text.first == "<" {
            fill(text, by: invoker)
        } else {
            say(text, by: invoker)
        }
    }
    return 0
}

private enum Sample {
    static let romeo = try? JID("romeo@verona.lit/orchard")
    static let limits = AdHocLimits(sessions: 3, sessionsPerPerson: 2)

    static let registry = CommandRegistry([
        Command(
            "publish",
            aliases: ["send"],
            summary: "Publish an issue",
            parameters: [
                Parameter("issue", .issue, summary: "The issue"),
                Parameter("language", .language, isRequired: false, isRepeated: true, summary: "A"),
            ],
            role: .publisher,
            audience: .newsroom,
            changesSomething: true,
            run: { _, _ in .done("") }
        ),
        Command(
            "choose",
            summary: "Choose what you get",
            parameters: [
                Parameter("amount", .choice(["full", "short"]), summary: "How much"),
                Parameter("words", .text, isRequired: false, summary: "Why"),
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            run: { _, _ in .done("") }
        ),
    ])
}

private func say(_ line: String, by invoker: Invoker) {
    for face in [Face.shell, .adHoc] + (Sample.romeo.map { [.room($0), .chat(contact: $0)] } ?? [])
    {
        switch Sample.registry.parse(line, by: invoker, on: face) {
        case .invocation(let invocation): check(invocation, by: invoker)
        case .mistake(let text), .refused(let text): demand(!text.isEmpty, line)
        case .empty: break
        }
    }
}

private func fill(_ text: String, by invoker: Invoker) {
    guard let requester = Sample.romeo,
        let events = try? Parser().parse("<s>\(text)".utf8)
    else { return }
    var dialogue = AdHocDialogue(Sample.registry, limits: Sample.limits)
    var number = 0
    for case .element(let element) in events {
        number += 1
        let request = AdHocDialogue.Request(
            AdHocCommand(element),
            from: requester,
            invoker: invoker,
            newsletter: nil,
            language: "en"
        )
        let step = dialogue.step(
            request,
            options: [:],
            freshID: "\(number)",
            at: .seconds(number)
        )
        switch step {
        case .answer(let answer): demand(write(answer.element), "\(answer)")
        case .refuse(let error): demand(write(error.element), "\(error)")
        case .run(let invocation): check(invocation, by: invoker)
        }
        demand(dialogue.openSessions <= Sample.limits.sessionsPerPerson, text)
    }
}

private func check(_ invocation: CommandInvocation, by invoker: Invoker) {
    demand(invocation.invoker == invoker, "\(invocation)")
    guard let command = Sample.registry.command(named: invocation.command) else {
        fatalError("\(invocation)")
    }
    demand(command.role <= invoker.role, "\(invocation)")
    for parameter in command.parameters where parameter.isRequired {
        demand(invocation.arguments[parameter.name] != nil, "\(invocation)")
    }
}

private func write(_ element: Element) -> Bool {
    (try? Element(xml: element.xml())) != nil
}
