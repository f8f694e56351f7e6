//! Why a call ended, in the words of FreeSWITCH, of Q.850 and of SIP.

/// One of FreeSWITCH's hangup causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// `NORMAL_CLEARING`
    pub name: &'static str,
    /// `16`
    pub code: u16,
    /// The status that SIP has for it, with its words; none where a SIP call would simply end.
    pub sip: Option<(u16, &'static str)>,
}

impl Cause {
    pub(crate) const UNALLOCATED_NUMBER: Self = refused("UNALLOCATED_NUMBER", 1, 404, "Not Found");
    pub(crate) const NO_ROUTE_DESTINATION: Self = refused("NO_ROUTE_DESTINATION", 3, 404, "Not Found");
    pub(crate) const NORMAL_CLEARING: Self = plain("NORMAL_CLEARING", 16);
    pub(crate) const USER_BUSY: Self = refused("USER_BUSY", 17, 486, "Busy Here");
    pub(crate) const NO_ANSWER: Self = refused("NO_ANSWER", 19, 480, "Temporarily Unavailable");
    pub(crate) const CALL_REJECTED: Self = refused("CALL_REJECTED", 21, 603, "Decline");
    pub(crate) const DESTINATION_OUT_OF_ORDER: Self = refused("DESTINATION_OUT_OF_ORDER", 27, 502, "Bad Gateway");
    pub(crate) const NORMAL_TEMPORARY_FAILURE: Self =
        refused("NORMAL_TEMPORARY_FAILURE", 41, 503, "Service Unavailable");
    pub(crate) const BEARERCAPABILITY_NOTAVAIL: Self = plain("BEARERCAPABILITY_NOTAVAIL", 58);
    pub(crate) const INCOMPATIBLE_DESTINATION: Self =
        refused("INCOMPATIBLE_DESTINATION", 88, 488, "Not Acceptable Here");
    pub(crate) const INVALID_MSG_UNSPECIFIED: Self = plain("INVALID_MSG_UNSPECIFIED", 95);
    pub(crate) const ORIGINATOR_CANCEL: Self = refused("ORIGINATOR_CANCEL", 487, 487, "Request Terminated");
    pub(crate) const LOSE_RACE: Self = plain("LOSE_RACE", 702);
    pub(crate) const ATTENDED_TRANSFER: Self = plain("ATTENDED_TRANSFER", 801);
    pub(crate) const USER_NOT_REGISTERED: Self = refused("USER_NOT_REGISTERED", 806, 480, "Temporarily Unavailable");

    /// The cause of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        CAUSES.iter().find(|cause| cause.name == name).copied()
    }

    /// The cause that a client's `bye` gives: a name counts more than a code, and what is unknown is a normal end.
    pub(crate) fn given(name: Option<&str>, code: Option<i64>) -> Self {
        let found = match name {
            Some(name) => Self::named(name),
            None => CAUSES.iter().find(|cause| code == Some(i64::from(cause.code))).copied(),
        };
        found.unwrap_or(Self::NORMAL_CLEARING)
    }
}

/// `switch_cause_t`, as far as a client can name or meet it.
const CAUSES: &[Cause] = &[
    Cause::UNALLOCATED_NUMBER,
    plain("NO_ROUTE_TRANSIT_NET", 2),
    Cause::NO_ROUTE_DESTINATION,
    plain("CHANNEL_UNACCEPTABLE", 6),
    Cause::NORMAL_CLEARING,
    Cause::USER_BUSY,
    refused("NO_USER_RESPONSE", 18, 408, "Request Timeout"),
    Cause::NO_ANSWER,
    refused("SUBSCRIBER_ABSENT", 20, 480, "Temporarily Unavailable"),
    Cause::CALL_REJECTED,
    refused("NUMBER_CHANGED", 22, 410, "Gone"),
    Cause::DESTINATION_OUT_OF_ORDER,
    refused("INVALID_NUMBER_FORMAT", 28, 484, "Address Incomplete"),
    plain("NORMAL_UNSPECIFIED", 31),
    refused("NORMAL_CIRCUIT_CONGESTION", 34, 503, "Service Unavailable"),
    refused("NETWORK_OUT_OF_ORDER", 38, 503, "Service Unavailable"),
    Cause::NORMAL_TEMPORARY_FAILURE,
    refused("SWITCH_CONGESTION", 42, 503, "Service Unavailable"),
    plain("REQUESTED_CHAN_UNAVAIL", 44),
    Cause::BEARERCAPABILITY_NOTAVAIL,
    refused("SERVICE_UNAVAILABLE", 63, 503, "Service Unavailable"),
    Cause::INCOMPATIBLE_DESTINATION,
    Cause::INVALID_MSG_UNSPECIFIED,
    plain("RECOVERY_ON_TIMER_EXPIRE", 102),
    plain("INTERWORKING", 127),
    Cause::ORIGINATOR_CANCEL,
    plain("SYSTEM_SHUTDOWN", 701),
    Cause::LOSE_RACE,
    plain("MANAGER_REQUEST", 703),
    plain("BLIND_TRANSFER", 800),
    Cause::ATTENDED_TRANSFER,
    plain("ALLOTTED_TIMEOUT", 802),
    plain("MEDIA_TIMEOUT", 804),
    plain("PICKED_OFF", 805),
    Cause::USER_NOT_REGISTERED,
];

const fn plain(name: &'static str, code: u16) -> Cause {
    Cause { name, code, sip: None }
}

const fn refused(name: &'static str, code: u16, status: u16, words: &'static str) -> Cause {
    Cause { name, code, sip: Some((status, words)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_more_than_a_code_and_sip_codes_mean_nothing() {
        for (name, code, expected) in [
            (None, None, Cause::NORMAL_CLEARING),
            (Some("CALL_REJECTED"), Some(17), Cause::CALL_REJECTED),
            (Some("nonsense"), Some(17), Cause::NORMAL_CLEARING),
            (None, Some(17), Cause::USER_BUSY),
            (None, Some(487), Cause::ORIGINATOR_CANCEL),
            (None, Some(486), Cause::NORMAL_CLEARING),
            (None, Some(603), Cause::NORMAL_CLEARING),
        ] {
            assert_eq!(Cause::given(name, code), expected, "{name:?} {code:?}");
        }
    }
}
