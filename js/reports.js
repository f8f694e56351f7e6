export { reports, sendReports } from "./reports/reports.js";
