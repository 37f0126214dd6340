// What went wrong with SendGrid, as a line on the terminal.

import SendGrid
import Steps

extension Failure {
    static func sendGridWords(for error: any Error) -> Words? {
        switch error {
        case let error as SendGridError:
            let (reason, remedy) = SendGridWords.of(error)
            return (error.isTransient ? .incomplete : .failed, clean(reason) + ".", remedy.map { clean($0) + "." })
        case let error as SendGridEndpoint.Failure: return (.failed, clean(error.reason) + ".", nil)
        default: return nil
        }
    }
}
