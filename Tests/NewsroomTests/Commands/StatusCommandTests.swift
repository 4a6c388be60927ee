import Commands
import Testing

@testable import Newsroom

@Suite struct StatusCommandTests {
    struct Trouble: Error, CustomStringConvertible {
        let description = "The disk is full."
    }

    @Test("`status` says what the service knows of itself")
    func lines() async throws {
        let bureau = try await Bureau([:], status: { ["Connected.", "Nothing is on its way."] })
        #expect(
            try await bureau.say("!status", as: .editor)
                == .done("Connected.\nNothing is on its way.")
        )
    }

    @Test("`status` that can't be told says why")
    func trouble() async throws {
        let bureau = try await Bureau([:], status: { throw Trouble() })
        #expect(try await bureau.say("status") == .failed("The disk is full."))
    }
}
