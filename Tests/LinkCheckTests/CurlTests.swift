import Foundation
import Synchronization
import Testing

@testable import LinkCheck

/// `curl` against a web server of the test's own.
@Suite struct CurlTests {
    /// A server on loopback that ends with the value.
    private final class WebServer {
        let port: Int
        private let process = Process()
        private let input = Pipe()

        private static let script = """
            import http.server, os, sys, threading
            class Handler(http.server.BaseHTTPRequestHandler):
                def answer(self):
                    path, get = self.path, self.command == 'GET'
                    status = {'/gone': 410, '/missing': 404, '/secret': 401, '/broken': 500}.get(path, 200)
                    if path == '/no-head': status = 200 if get else 404
                    if path == '/strict': status = 206 if get else 405
                    if path in ('/moved', '/loop', '/inside'): status = 302
                    self.send_response(status)
                    if path == '/moved': self.send_header('Location', '/fine')
                    if path == '/loop': self.send_header('Location', '/loop')
                    if path == '/inside': self.send_header('Location', f'http://inner.example:{server.server_address[1]}/fine')
                    self.send_header('Content-Length', '0')
                    self.end_headers()
                do_GET = do_HEAD = answer
                def log_message(self, *rest): pass
            server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            print(server.server_address[1], flush=True)
            sys.stdin.read()
            """

        init() throws {
            let output = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = ["-c", Self.script]
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            port = try #require(Int(line.trimmingCharacters(in: .newlines)))
        }

        deinit {
            // The end of its input is the end of the server.
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }

    @Test("a host is left alone before it is asked for the page it denies")
    func pausing() async throws {
        let server = try WebServer()
        let pauses = Mutex(0)
        let curl = Curl(timeout: 10) { pauses.withLock { $0 += 1 } }
        let base = "http://127.0.0.1:\(server.port)"
        #expect(await curl.follow(base + "/fine") == .reachable)
        #expect(pauses.withLock { $0 } == 0)
        #expect(await curl.follow(base + "/no-head") == .reachable)
        #expect(pauses.withLock { $0 } == 1)
    }

    @Test("a page is there, gone, or nobody can tell")
    func verdicts() async throws {
        let server = try WebServer()
        let curl = Curl(timeout: 10)
        let expected: [(String, LinkVerdict)] = [
            ("/fine", .reachable), ("/moved", .reachable), ("/no-head", .reachable),
            ("/strict", .reachable), ("/[a]{b}", .reachable),
            ("/gone", .dead(reason: "the server says 410")),
            ("/missing", .dead(reason: "the server says 404")),
            ("/secret", .unclear(reason: "the server says 401")),
            ("/broken", .unclear(reason: "the server says 500")),
        ]
        for (path, verdict) in expected {
            #expect(
                await curl.follow("http://127.0.0.1:\(server.port)\(path)") == verdict,
                "\(path)"
            )
        }
        #expect(
            await curl.follow("http://127.0.0.1:\(server.port)/loop")
                == .dead(reason: "it redirects for ever")
        )
    }

    @Test(
        "it connects where the way leads, whatever the name, and asks the way at each redirection"
    )
    func way() async throws {
        let server = try WebServer()
        let loopback = try #require(IPAddress("127.0.0.1"))
        let refusal = LinkVerdict.dead(reason: "its host is not on the Internet")
        let asked = Mutex<[String]>([])
        let curl = Curl(timeout: 10) { host in
            asked.withLock { $0.append(host) }
            return host == "inner.example" ? .verdict(refusal) : .addresses([loopback])
        }
        let port = server.port
        #expect(await curl.follow("http://front.example:\(port)/fine") == .reachable)
        #expect(await curl.follow("http://front.example:\(port)/moved") == .reachable)
        #expect(await curl.follow("http://front.example:\(port)/inside") == refusal)
        #expect(asked.withLock { $0.last } == "inner.example")
        #expect(await curl.follow("http://[::1]:\(port)/fine") == .reachable)
        #expect(asked.withLock { $0.last } == "::1")
        #expect(await curl.follow("http://inner.example@front.example:\(port)/fine") == .reachable)
        #expect(asked.withLock { $0.last } == "front.example")
    }

    @Test("where one address of a host is silent, the next one is tried")
    func severalAddresses() async throws {
        let server = try WebServer()
        let loopback = try #require(IPAddress("127.0.0.1"))
        // The server listens at the other one alone.
        let silent = try #require(IPAddress("127.0.0.2"))
        let page = "http://front.example:\(server.port)/fine"
        let curl = Curl(timeout: 10) { _ in .addresses([silent, loopback]) }
        #expect(await curl.follow(page) == .reachable)
        let nobody = Curl(timeout: 10) { _ in .addresses([silent]) }
        #expect(await nobody.follow(page) == .dead(reason: "nothing answers there"))
    }

    @Test("what is on this machine is not asked, by whatever name")
    func inside() async throws {
        let server = try WebServer()
        let curl = Curl(timeout: 10, reach: .internet)
        for host in [
            "127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]",
        ] {
            #expect(
                await curl.follow("http://\(host):\(server.port)/fine")
                    == .dead(reason: "its host is not on the Internet"),
                "\(host)"
            )
        }
    }

    @Test("a host in other letters is asked for as the name servers know it")
    func letters() {
        #expect(
            Curl.inASCII("https://bücher.example/straße?a=1")
                == "https://xn--bcher-kva.example/stra%C3%9Fe?a=1"
        )
        #expect(Curl.inASCII("https://example.org/[a]{b}") == "https://example.org/[a]{b}")
    }

    @Test("where nothing answers, the link is dead; other schemes are not followed")
    func noAnswer() async throws {
        let port = try WebServer().port
        let verdict = await Curl(timeout: 5).follow("http://127.0.0.1:\(port)/")
        #expect(verdict == .dead(reason: "nothing answers there"))
        guard case .unclear = await Curl(timeout: 5).follow("file:///etc/passwd") else {
            Issue.record("a file was followed")
            return
        }
    }

    @Test("the reasons of curl are said without its own name")
    func reasons() {
        #expect(
            Curl.verdict(onExit: 28, saying: "curl: (28) Operation timed out\n")
                == .unclear(reason: "Operation timed out")
        )
        #expect(Curl.verdict(onExit: 6, saying: "") == .dead(reason: "there is no such host"))
        #expect(Curl.verdict(onExit: 99, saying: "") == .unclear(reason: "curl ended with 99"))
    }
}
