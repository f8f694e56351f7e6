// import … from "offhook/embed": 

import "./widget.js";
export {};
