import Foundation
import Logging
import Synchronization
import Testing

@testable import Daemon

@Suite("Entries of the journal")
struct JournalTests {
    @Test("a field is a line; one with line feeds is told by its length")
    func datagram() {
        let bytes = Journal.datagram([("MESSAGE", "a=b"), ("REASON", "two\nlines"), ("EMPTY", "")])
        let expected =
            Array("MESSAGE=a=b\nREASON\n".utf8) + [9, 0, 0, 0, 0, 0, 0, 0]
            + Array("two\nlines\nEMPTY=\n".utf8)
        #expect(bytes == expected)
    }

    @Test("an entry has its priority, a sentence for people, and each fact as a field")
    func entry() throws {
        let written = Mutex<[String: String]>([:])
        var logger = Logger(label: "test") { _ in
            JournalLogHandler { fields in
                written.withLock { $0 = Dictionary(uniqueKeysWithValues: fields.map { ($0, $1) }) }
                return true
            }
        }
        logger[metadataKey: "room"] = "a@b"
        logger.warning("Not joined.", metadata: ["room-reason": "no\nentry"])
        let fields = written.withLock { $0 }
        #expect(fields["PRIORITY"] == "4")
        #expect(fields["MESSAGE"] == "Not joined: room=a@b room-reason=\"no | entry\"")
        #expect(fields["SYSLOG_IDENTIFIER"] == "broadsheet")
        #expect(fields["BROADSHEET_ROOM"] == "a@b")
        #expect(fields["BROADSHEET_ROOM_REASON"] == "no\nentry")
        #expect(fields["CODE_FILE"]?.hasSuffix("JournalTests.swift") == true)
        #expect(fields["CODE_LINE"].flatMap { Int($0) } != nil)
    }

    @Test(
        "a level is a priority of syslog",
        arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2])
    )
    func priorities(level: Logger.Level, priority: Int) {
        #expect(level.syslogPriority == priority)
    }

    @Test(
        "a name becomes one the journal takes",
        arguments: [
            ("reason", "BROADSHEET_REASON"), ("süß", "BROADSHEET_S__SS"),
            ("a b=c\n", "BROADSHEET_A_B_C_"),
            (String(repeating: "x", count: 90), "BROADSHEET_" + String(repeating: "X", count: 53)),
        ]
    )
    func names(name: String, field: String) {
        #expect(JournalLogHandler.fieldName(name) == field)
    }

    @Test("an entry arrives as it was sent")
    func arrival() async throws {
        let inbox = try DatagramInbox()
        let journal = try #require(Journal(path: inbox.path))
        #expect(journal.write([("MESSAGE", "here")]))
        #expect(await inbox.texts(1) == ["MESSAGE=here\n"])
        #expect(try #require(Journal(path: "/nowhere/journal")).write([("MESSAGE", "x")]) == false)
    }

    @Test("the journal is used if standard error leads there, and not since a parent's did")
    func standardError() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        let own = "\(status.st_dev):\(status.st_ino)"
        #expect(Journal.takesStandardError(own, descriptor: descriptor))
        #expect(!Journal.takesStandardError("8:\(status.st_ino + 1)", descriptor: descriptor))
        #expect(!Journal.takesStandardError(nil, descriptor: descriptor))
        #expect(!Journal.takesStandardError("", descriptor: descriptor))
    }
}
