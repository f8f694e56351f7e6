import { connect } from "./node_modules/offhook/pkg/index.js";
import { phone } from "./phone.js";

phone(connect);
