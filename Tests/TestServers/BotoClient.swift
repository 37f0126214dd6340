// boto3 as a client: AWS's own Python library, to vouch for the double and to be compared with.

import Foundation
import Synchronization

/// What boto3 made of one call.
package struct BotoAnswer: Sendable {
    /// The error's code (`ResourceNotFoundException`); for failures below AWS's protocol the name of Python's exception
    /// (`ConnectionClosedError`); nil when all went well.
    package var code: String?
    package var message: String?
    /// Zero when no answer came.
    package var status: Int
    /// The answer as JSON: dates as seconds since 1970, bytes in Base64.
    package var json: String

    /// A field of the answer as text, digging down one key or index after the other; nil when it is not there.
    package subscript(_ path: String...) -> String? {
        switch field(path) {
        case nil: nil
        case let text as String: text
        case let other?: "\(other)"
        }
    }

    /// Number of entries of a list or an object; nil when it is not there.
    package func count(of path: String...) -> Int? {
        switch field(path) {
        case let list as [Any]: list.count
        case let object as JSONObject: object.count
        default: nil
        }
    }

    /// The keys of an object, sorted; none when it is not there.
    package func keys(_ path: String...) -> [String] { (field(path) as? JSONObject)?.keys.sorted() ?? [] }

    /// A list of texts.
    package func strings(_ path: String...) -> [String] { field(path) as? [String] ?? [] }

    private func field(_ path: [String]) -> Any? {
        var value: Any? = try? JSONSerialization.jsonObject(with: Data(json.utf8))
        for key in path {
            if let object = value as? JSONObject {
                value = object[key]
            } else if let list = value as? [Any], let index = Int(key), list.indices.contains(index) {
                value = list[index]
            } else {
                return nil
            }
        }
        return value
    }
}

/// Calls go to one long-lived Python process, one after the other.
package struct BotoClient: Sendable {
    package var url: String
    package var region: String
    /// Nil to send no signature.
    package var accessKeyID: String?
    package var secretAccessKey: String?
    package var sessionToken: String?
    /// Requests in all for one call.
    package var attempts = 1
    package var readTimeoutSeconds = 30.0
    /// PEM; for TLS.
    package var certificateFile: String?

    package init(url: String, region: String, accessKeyID: String?, secretAccessKey: String?) {
        self.url = url
        self.region = region
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
    }

    /// With the double's own key.
    package init(_ double: SecretsManagerDouble) {
        self.init(
            url: double.url, region: double.region, accessKeyID: double.accessKeyID,
            secretAccessKey: double.secretAccessKey)
    }

    /// - Parameters:
    ///   - operation: in Python's spelling, `put_secret_value`.
    ///   - arguments: JSON values; `SecretBinary` as text is sent as its UTF-8 bytes.
    ///   - service: `secretsmanager`, `sts`, `iam`, `cloudtrail`.
    @discardableResult
    package func call(
        _ operation: String, _ arguments: [String: Any] = [:], service: String = "secretsmanager"
    ) async throws -> BotoAnswer {
        var order: JSONObject = [
            "url": url, "region": region, "service": service, "operation": operation, "arguments": arguments,
            "attempts": attempts, "timeout": readTimeoutSeconds,
        ]
        order["key"] = accessKeyID
        order["secret"] = secretAccessKey
        order["token"] = sessionToken
        order["verify"] = certificateFile
        let line = encoded(order)
        let reply = try await onOwnThread { try BotoProcess.exchange(line) }
        let object = try decoded(reply)
        return BotoAnswer(
            code: object["code"] as? String, message: object["message"] as? String,
            status: object["status"] as? Int ?? 0,
            json: String(decoding: encoded(object["answer"] as? JSONObject ?? [:]), as: UTF8.self))
    }
}

/// The Python process: an order per line in, an answer per line out; ends when its input ends.
private enum BotoProcess {
    private struct Pipes {
        var input: FileHandle
        var output: FileHandle
        var process: Process
    }

    private static let running = Mutex<Pipes?>(nil)

    static func exchange(_ line: [UInt8]) throws -> [UInt8] {
        try running.withLock { running in
            let pipes = try running ?? start()
            running = pipes
            try pipes.input.write(contentsOf: Data(line + [UInt8(ascii: "\n")]))
            var reply: [UInt8] = []
            while true {
                let chunk = pipes.output.availableData
                guard !chunk.isEmpty else { throw TestServerError("the boto3 process ended") }
                reply += chunk
                if reply.last == UInt8(ascii: "\n") { return reply }
            }
        }
    }

    private static func start() throws -> Pipes {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try PythonEnvironment.python())
        process.arguments = ["-c", script]
        process.environment = Moto.cleanEnvironment([:])
        let input = try PrivatePipe()
        let output = try PrivatePipe()
        process.standardInput = input.reading
        process.standardOutput = output.writing
        try process.run()
        try input.reading.close()
        try output.writing.close()
        return Pipes(input: input.writing, output: output.reading, process: process)
    }

    private static let script = """
        import base64, datetime, json, sys, warnings
        import boto3, botocore, botocore.config, botocore.exceptions
        warnings.filterwarnings("ignore")
        session = boto3.session.Session()
        def plain(value):
            if isinstance(value, datetime.datetime): return value.timestamp()
            if isinstance(value, bytes): return base64.b64encode(value).decode()
            return str(value)
        def run(order):
            config = botocore.config.Config(
                retries={"total_max_attempts": order["attempts"]}, read_timeout=order["timeout"],
                signature_version=None if "key" in order else botocore.UNSIGNED)
            client = session.client(
                order["service"], endpoint_url=order["url"], region_name=order["region"], config=config,
                aws_access_key_id=order.get("key"), aws_secret_access_key=order.get("secret"),
                aws_session_token=order.get("token"), verify=order.get("verify"))
            arguments = order["arguments"]
            if "SecretBinary" in arguments: arguments["SecretBinary"] = arguments["SecretBinary"].encode()
            try:
                answer = getattr(client, order["operation"])(**arguments)
                return {"status": answer["ResponseMetadata"]["HTTPStatusCode"], "answer": answer}
            except botocore.exceptions.ClientError as error:
                answer = error.response
                return {"code": answer["Error"].get("Code"), "message": answer["Error"].get("Message"),
                        "status": answer["ResponseMetadata"]["HTTPStatusCode"], "answer": answer}
            except Exception as error:
                return {"code": type(error).__name__, "message": str(error)}
        for line in sys.stdin:
            print(json.dumps(run(json.loads(line)), default=plain), flush=True)
        """
}
