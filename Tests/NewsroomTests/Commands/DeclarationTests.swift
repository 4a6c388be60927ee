import Testing

@testable import Newsroom

@Suite("What is declared of the newsroom's commands")
struct DeclarationTests {
    @Test("is what rooms, chats and forms have of them, in the order of the help")
    func order() async throws {
        let bureau = try await Bureau([:])
        let (help, commands) = (
            bureau.registry.commands.first, bureau.registry.commands.dropFirst()
        )
        #expect(help?.name == "help")
        #expect(commands.map(\.declaration) == NewsroomCommands.declarations)
    }
}
