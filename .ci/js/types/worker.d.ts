// What the server writes above the service worker (kiosk/assets.py).
declare const VERSION: string;
declare const PAGE: string;
declare const ADDRESSES: string[];
