//! Descriptions as browsers and FreeSWITCH wrote them.

/// Chromium 156, with the address shown.
pub const CHROMIUM_OFFER: &str = "\
v=0
o=- 2543672375094345096 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS 01187d4b-b338-4ec5-93d7-51b58165d1a0
m=audio 53416 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 192.0.2.2
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1391714020 1 udp 2122194687 192.0.2.2 53416 typ host generation 0 network-id 1
a=candidate:1434563156 1 udp 2122265343 fd00::2 44735 typ host generation 0 network-id 2
a=candidate:742145148 1 tcp 1518214911 192.0.2.2 9 typ host tcptype active generation 0 network-id 1
a=candidate:726552780 1 tcp 1518285567 fd00::2 9 typ host tcptype active generation 0 network-id 2
a=ice-ufrag:5Krp
a=ice-pwd:E4mWGKqYx7PehO72qp1k0XbN
a=ice-options:trickle
a=fingerprint:sha-256 3F:D3:FC:FF:E4:D5:4C:DB:8F:11:62:A3:E9:C5:1A:21:29:CD:2A:BE:C4:55:89:01:D0:21:9B:E7:02:7D:09:65
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:01187d4b-b338-4ec5-93d7-51b58165d1a0 86eafb2d-45f7-4b30-9abb-e26c52baacb8
a=rtcp-mux
a=rtcp-rsize
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:786873188 cname:zk0dbvC92hUnB5GX
a=ssrc:786873188 msid:01187d4b-b338-4ec5-93d7-51b58165d1a0 86eafb2d-45f7-4b30-9abb-e26c52baacb8
";

/// FreeSWITCH 1.11, to the above.
pub const FREESWITCH_ANSWER: &str = "\
v=0
o=FreeSWITCH 1795190538 1795190539 IN IP4 127.0.0.1
s=FreeSWITCH
c=IN IP4 127.0.0.1
t=0 0
a=msid-semantic: WMS isrkUZgBaYsSI6GxuwMIPmM8oC7WEYgO
m=audio 30016 UDP/TLS/RTP/SAVPF 111 110
a=rtpmap:111 opus/48000/2
a=fmtp:111 useinbandfec=1; minptime=10
a=rtpmap:110 telephone-event/48000
a=silenceSupp:off - - - -
a=ptime:20
a=sendrecv
a=fingerprint:sha-256 A9:35:E0:11:44:EC:CF:6A:D7:87:DB:43:65:CA:5C:07:7D:44:A9:F8:09:BD:8F:3E:7C:5D:91:94:98:46:66:86
a=setup:active
a=rtcp-mux
a=rtcp:30016 IN IP4 127.0.0.1
a=ice-ufrag:vCMcbmPg7eXfjenQ
a=ice-pwd:oz1mPXMHh2U3clRJO1MtpYnk
a=candidate:0384290833 1 udp 2130706431 127.0.0.1 30016 typ host generation 0
a=end-of-candidates
a=ssrc:453293538 cname:nbMgT3NdrG2i2dGK
a=ssrc:453293538 msid:isrkUZgBaYsSI6GxuwMIPmM8oC7WEYgO a0
a=ssrc:453293538 mslabel:isrkUZgBaYsSI6GxuwMIPmM8oC7WEYgO
a=ssrc:453293538 label:isrkUZgBaYsSI6GxuwMIPmM8oC7WEYgOa0
";

/// FreeSWITCH 1.11, to a callee.
pub const FREESWITCH_OFFER: &str = "\
v=0
o=FreeSWITCH 1795189966 1795189967 IN IP4 127.0.0.1
s=FreeSWITCH
c=IN IP4 127.0.0.1
t=0 0
a=msid-semantic: WMS hlS0VBGwo97Pa1pm89ngrw3Xc9nshZqW
m=audio 30726 RTP/SAVPF 102 0 8
a=rtpmap:102 opus/48000/2
a=fmtp:102 useinbandfec=1; maxaveragebitrate=30000; maxplaybackrate=48000; ptime=20; minptime=10; maxptime=40; stereo=1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=fingerprint:sha-256 A9:35:E0:11:44:EC:CF:6A:D7:87:DB:43:65:CA:5C:07:7D:44:A9:F8:09:BD:8F:3E:7C:5D:91:94:98:46:66:86
a=setup:actpass
a=rtcp-mux
a=rtcp:30726 IN IP4 127.0.0.1
a=ssrc:184917804 cname:pwTD4CsTYtyEblCM
a=ssrc:184917804 msid:hlS0VBGwo97Pa1pm89ngrw3Xc9nshZqW a0
a=ssrc:184917804 mslabel:hlS0VBGwo97Pa1pm89ngrw3Xc9nshZqW
a=ssrc:184917804 label:hlS0VBGwo97Pa1pm89ngrw3Xc9nshZqWa0
a=ice-ufrag:iXM1P0yhbkxTUA0c
a=ice-pwd:Dar63rfmMtiXq59LeDbieLi1
a=candidate:3813604209 1 udp 2130706431 127.0.0.1 30726 typ host generation 0
a=candidate:3813604209 2 udp 2130706431 127.0.0.1 30726 typ host generation 0
a=silenceSupp:off - - - -
a=ptime:20
a=sendrecv
";

/// Chromium 156, to the above.
pub const CHROMIUM_ANSWER: &str = "\
v=0
o=- 972718305296202960 2 IN IP4 127.0.0.1
s=-
t=0 0
a=msid-semantic: WMS b976e516-d04a-447d-a588-3a0bb62ab039
m=audio 37112 RTP/SAVPF 102 0 8
c=IN IP4 192.0.2.2
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:2662161922 1 udp 2122194687 192.0.2.2 37112 typ host generation 0 network-id 1
a=candidate:2581541554 1 udp 2122265343 fd00::2 52005 typ host generation 0 network-id 2
a=candidate:3764567194 1 tcp 1518214911 192.0.2.2 9 typ host tcptype active generation 0 network-id 1
a=candidate:3876638762 1 tcp 1518285567 fd00::2 9 typ host tcptype active generation 0 network-id 2
a=ice-ufrag:LR2G
a=ice-pwd:Y717abICzMsyyhXlJCGdKVUj
a=ice-options:trickle
a=fingerprint:sha-256 1D:02:94:DB:EA:86:C8:6D:88:55:FD:D7:9A:BE:E7:C1:2A:25:38:44:F8:05:16:5D:F6:AC:77:0D:4C:7B:9D:BE
a=setup:active
a=mid:0
a=sendrecv
a=rtcp-mux
a=rtpmap:102 opus/48000/2
a=fmtp:102 minptime=10;useinbandfec=1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=ssrc:910626184 cname:oWUIB9ITwAxmdDoA
a=ssrc:910626184 msid:b976e516-d04a-447d-a588-3a0bb62ab039 9b722675-c5d7-4f56-b392-335531b43669
";

/// Firefox 153, with the address shown.
pub const FIREFOX_OFFER: &str = "\
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 8585185648810151748 0 IN IP4 0.0.0.0
s=-
t=0 0
a=sendrecv
a=fingerprint:sha-256 BE:B2:6E:6B:E4:F1:42:C5:0B:63:85:A6:2E:85:8A:6A:95:DA:3B:0E:7E:5E:AA:ED:ED:69:3F:BC:E1:5D:3A:1E
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=audio 44729 UDP/TLS/RTP/SAVPF 109 9 0 8 101
c=IN IP4 192.0.2.2
a=candidate:0 1 UDP 2122187007 192.0.2.2 44729 typ host
a=candidate:1 1 UDP 2122252543 fd00::2 48241 typ host
a=candidate:2 1 TCP 2105458943 192.0.2.2 9 typ host tcptype active
a=candidate:3 1 TCP 2105524479 fd00::2 9 typ host tcptype active
a=candidate:0 2 UDP 2122187006 192.0.2.2 48632 typ host
a=candidate:1 2 UDP 2122252542 fd00::2 53897 typ host
a=candidate:2 2 TCP 2105458942 192.0.2.2 9 typ host tcptype active
a=candidate:3 2 TCP 2105524478 fd00::2 9 typ host tcptype active
a=sendrecv
a=end-of-candidates
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap-allow-mixed
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=ice-pwd:d83057514027e04afb4ed6d172523c89
a=ice-ufrag:3b1b82a1
a=mid:0
a=msid:{f5a0399a-7ee3-4a6e-913a-45ae77b47831} {a6cd3ab2-b55f-456b-a380-fc135dbb061a}
a=rtcp:48632 IN IP4 192.0.2.2
a=rtcp-fb:109 transport-cc
a=rtcp-fb:9 transport-cc
a=rtcp-fb:0 transport-cc
a=rtcp-fb:8 transport-cc
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtpmap:9 G722/8000/1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=setup:actpass
a=ssrc:1043649072 cname:{5f6b8ec8-97c6-4d66-a81d-f247262f59f0}
";
