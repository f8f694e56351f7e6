import { connect } from "offhook";
import { phone } from "./phone.js";

phone(connect);
