// Calls of SendGrid's API that have to do with keys.

/// Speaks to SendGrid with one key.
package struct SendGridClient: Sendable {}
